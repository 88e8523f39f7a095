//! The runs of a script on one time axis, a row a lane.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use yew::prelude::*;

use crate::browser::page::frame::Scheduled;
use crate::browser::{page, wire::clock};
use crate::domain::{Activity, Model};
use crate::format;
use crate::script::outcome;
use crate::script::program::Program;
use crate::script::record::Lane;
use crate::ui::script::{Results, Strip};
use crate::ui::timeline::window::Window;
use crate::ui::view::parts::{use_size, use_themes};

use super::draw::{self, Scene};

mod words {
    pub const LANES: &str = "Lanes";
    pub const TABLE: &str = "Lanes as a table";
    pub const COLUMNS: [&str; 2] = ["Run", "Lane"];
    pub const NOTHING: &str = "Each lane’s work appears here.";
    pub const PLAY: &str = "Play";
    pub const PAUSE: &str = "Pause";
    pub const HINT: &str = "Point at a lane to read what it does.";
    pub const STOPPED: &str = "stopped";
    pub const FAILED: &str = "failed";
    pub const RUNNING: &str = "running";
    pub const COLOURS: &str = "What the colours mean";

    pub fn failed(code: i32) -> String {
        format!("exit code {code}")
    }

    pub fn coarse(time: &str) -> String {
        format!("Too much happened to draw it all: what took less than {time} is left out.")
    }
}

/// How long a recorded run plays, and how long it then stands still, in µs.
const PLAYS_US: f64 = 3e6;
const RESTS_US: f64 = 2e6;
/// The shortest time that the axis shows, in µs.
const SHORTEST_US: f64 = 50_000.0;

#[derive(PartialEq, Properties)]
pub struct Props {
    /// What came of the script.
    pub results: Option<Results>,
    /// Whether it runs.
    pub running: bool,
}

/// All runs, with their axis and what the colours mean.
#[component]
pub fn Strips(props: &Props) -> Html {
    let Some(results) = &props.results else {
        return html! { <div class="strips"><p class="hint-line">{ words::NOTHING }</p></div> };
    };
    let is_recorded = results.recorded.is_some();
    let plays = use_state_eq(|| !page::wants_stillness());
    let scenes: Rc<Vec<Rc<Scene>>> = use_scenes(results);
    let longest_us = scenes.iter().map(|scene| scene.end_us()).fold(SHORTEST_US, f64::max);
    let window = Window::whole(longest_us * 1.02);
    let moving = is_recorded && *plays;
    let play = use_play(moving, window.to_us);
    let read = use_state_eq(String::new);
    let on_read = {
        let read = read.setter();
        Callback::from(move |text| read.set(text))
    };
    let used = Activity::ALL.iter().copied().filter(|activity| {
        let is_used = |lane: &Lane| lane.segments.iter().any(|segment| segment.activity == *activity);
        scenes.iter().any(|scene| scene.record.lanes().iter().any(is_used))
    });
    let toggle = {
        let plays = plays.clone();
        move |_: MouseEvent| plays.set(!*plays)
    };
    let serial_us =
        results.strips.iter().find(|strip| strip.model == Model::Serial).and_then(|strip| strip.took_us);
    let speed_up = |strip: &Strip| Some(serial_us? / strip.took_us.filter(|_| strip.model != Model::Serial)?);
    let coarsest_us = results.strips.iter().map(|strip| strip.record.resolution_us).fold(0.0, f64::max);
    html! {
        <div class="strips" role="group" aria-label={words::LANES}>
            { for results.strips.iter().zip(scenes.iter()).map(|(strip, scene)| html! {
                <StripRow key={strip.model.name()} strip={strip.clone()} scene={scene.clone()} {window} speed_up={speed_up(strip)} play={play.clone()}
                    {moving} on_read={on_read.clone()} />
            }) }
            <Axis {window} />
            <div class="below">
                <ul class="activities" aria-label={words::COLOURS}>
                    { for used.map(|activity| html! {
                        <li><span class="colour" data-activity={activity.id()}></span>{ about(activity) }</li>
                    }) }
                </ul>
                if is_recorded {
                    <button id="play" class="quiet framed" type="button" onclick={toggle}>
                        { if *plays { words::PAUSE } else { words::PLAY } }
                    </button>
                }
            </div>
            <p class="reading">{ if read.is_empty() { words::HINT } else { read.as_str() } }</p>
            if coarsest_us > 0.0 {
                <p class="basis">{ words::coarse(&format::duration(coarsest_us)) }</p>
            }
            if !props.running {
                <LaneTable results={results.clone()} {scenes} />
            }
        </div>
    }
}

/// What an activity means for a script.
fn about(activity: Activity) -> &'static str {
    match activity {
        Activity::Compute => "running Python",
        Activity::WaitGil => "waiting for the GIL",
        other => other.name(),
    }
}

/// What is drawn of each run. Those that have ended are not made again.
#[hook]
fn use_scenes(results: &Results) -> Rc<Vec<Rc<Scene>>> {
    let made = use_mut_ref(Vec::<(Rc<Strip>, Rc<Scene>)>::new);
    let program = results.program;
    use_memo(results.strips.clone(), move |strips| {
        let mut made = made.borrow_mut();
        let scenes: Vec<Rc<Scene>> = strips
            .iter()
            .map(|strip| {
                let known = made.iter().find(|(of, _)| Rc::ptr_eq(of, strip) && of.code.is_some());
                known.map_or_else(|| Rc::new(scene(strip, program)), |(_, scene)| Rc::clone(scene))
            })
            .collect();
        *made = strips.iter().cloned().zip(scenes.iter().cloned()).collect();
        scenes
    })
}

fn scene(strip: &Strip, program: Program) -> Scene {
    let record = strip.drawn(program, clock::now_us() / 1e3);
    let has_gil = strip.model == Model::ThreadsGil;
    let hand_overs = if has_gil { record.hand_overs() } else { Vec::new() };
    Scene { hand_overs, ended_us: strip.took_us, has_gil, record }
}

/// What draws a run as far as it has come at a time, in µs.
type Drawer = Box<dyn Fn(f64)>;

/// How far a recorded run has come, told to whoever draws it.
#[derive(Clone)]
pub struct Play {
    drawers: Rc<RefCell<Vec<(u32, Drawer)>>>,
    last: Rc<Cell<u32>>,
}

impl PartialEq for Play {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.drawers, &other.drawers)
    }
}

impl Play {
    fn add(&self, draw: impl Fn(f64) + 'static) -> u32 {
        self.last.set(self.last.get() + 1);
        self.drawers.borrow_mut().push((self.last.get(), Box::new(draw)));
        self.last.get()
    }

    fn remove(&self, id: u32) {
        self.drawers.borrow_mut().retain(|(of, _)| *of != id);
    }

    fn draw(&self, until_us: f64) {
        self.drawers.borrow().iter().for_each(|(_, draw)| draw(until_us));
    }
}

/// Plays again and again while `moving`, what takes `total_us` in three seconds.
#[hook]
fn use_play(moving: bool, total_us: f64) -> Play {
    let play = use_memo((), |()| Play { drawers: Rc::default(), last: Rc::default() });
    let play = (*play).clone();
    use_effect_with((moving, total_us as u64), {
        let play = play.clone();
        move |&(moving, _)| {
            let next = Rc::new(RefCell::new(None::<Scheduled>));
            if moving {
                step(Rc::clone(&next), play, clock::now_us(), total_us);
            }
            move || drop(next.take())
        }
    });
    play
}

/// Draws one frame, and sees to the next one.
fn step(next: Rc<RefCell<Option<Scheduled>>>, play: Play, begin_us: f64, total_us: f64) {
    let passed_us = (clock::now_us() - begin_us) % (PLAYS_US + RESTS_US);
    play.draw(passed_us / PLAYS_US * total_us);
    // While it stands still there is nothing to draw.
    let after_ms =
        if passed_us > PLAYS_US { ((PLAYS_US + RESTS_US - passed_us) / 1e3) as u32 + 1 } else { 33 };
    let again = Rc::clone(&next);
    *next.borrow_mut() = Some(Scheduled::new(after_ms, move || step(again, play, begin_us, total_us)));
}

#[derive(PartialEq, Properties)]
struct RowProps {
    strip: Rc<Strip>,
    scene: Rc<Scene>,
    window: Window,
    /// How many times as fast as the plain loop the last run was.
    speed_up: Option<f64>,
    play: Play,
    moving: bool,
    on_read: Callback<String>,
}

/// One run: its name, its time, and its lanes.
#[component]
fn StripRow(props: &RowProps) -> Html {
    let (plot, canvas) = (use_node_ref(), use_node_ref());
    let size = use_size(&plot, (640.0, 100.0));
    let themes = use_themes();
    use_effect_with((plot.clone(), props.scene.height() as u32), |(plot, height)| {
        if let Some(node) = plot.get() {
            page::set_place(&node, 0.0, f64::from(*height));
        }
    });
    let changes = (props.scene.clone(), props.window, size, themes, props.moving);
    use_effect_with(changes, {
        let (canvas, play) = (canvas.clone(), props.play.clone());
        move |(scene, window, _, _, moving)| {
            let (scene, window) = (Rc::clone(scene), *window);
            let id = moving.then(|| {
                let (scene, canvas) = (Rc::clone(&scene), canvas.clone());
                play.add(move |until_us| draw::strip(&canvas, &scene, window, Some(until_us)))
            });
            if id.is_none() {
                draw::strip(&canvas, &scene, window, None);
            }
            move || {
                if let Some(id) = id {
                    play.remove(id);
                }
            }
        }
    });
    let onpointermove = {
        let (plot, scene, window, on_read) =
            (plot.clone(), props.scene.clone(), props.window, props.on_read.clone());
        move |event: PointerEvent| {
            let Some((x, y)) = plot.get().and_then(|node| page::place_in(&node, &event)) else { return };
            let left = draw::names_width(size.0);
            let us = window.time_at(((x - left) / (size.0 - left)).clamp(0.0, 1.0));
            on_read.emit(scene.lane_at(y).map(|lane| reading(&scene, lane, us)).unwrap_or_default());
        }
    };
    let strip = &props.strip;
    let result = match (strip.took_us, strip.code) {
        (Some(_), _) => props.speed_up.map(format::ratio).unwrap_or_default(),
        (None, None) => words::RUNNING.to_owned(),
        (None, Some(0)) => words::FAILED.to_owned(),
        (None, Some(code)) if code < 0 => words::STOPPED.to_owned(),
        (None, Some(code)) => words::failed(code),
    };
    html! {
        <section class="strip" data-model={strip.model.name()} data-code={strip.code.map(|code| code.to_string())}
            data-took-us={strip.took_us.map(|us| us.to_string())} data-lanes={props.scene.record.lanes().len().to_string()}>
            <h3><span>{ outcome::title(strip.model) }</span><span class="took">{ result }</span></h3>
            <div class="plot" ref={plot} {onpointermove}>
                <canvas ref={canvas} aria-hidden="true"></canvas>
            </div>
        </section>
    }
}

/// What a lane does at a time, in words.
fn reading(scene: &Scene, lane: usize, us: f64) -> String {
    let Some(lane) = scene.record.lanes().get(lane) else { return String::new() };
    let Some(segment) = lane.segments.iter().find(|s| s.start_us <= us && us < s.end_us) else {
        let is_before = lane.segments.first().is_some_and(|first| us < first.start_us);
        let what = if is_before { "not started" } else { "ended" };
        return format!("{}, at {}: {what}", lane.title(), format::duration(us));
    };
    let holder = (segment.activity == Activity::WaitGil)
        .then(|| scene.record.holder(lane, us))
        .flatten()
        .map(|holder| format!(", which {} holds", holder.title()));
    format!(
        "{}, at {}: {}{}, for {}",
        lane.title(),
        format::duration(us),
        about(segment.activity),
        holder.unwrap_or_default(),
        format::duration(segment.duration_us()),
    )
}

#[derive(PartialEq, Properties)]
struct AxisProps {
    window: Window,
}

#[component]
fn Axis(props: &AxisProps) -> Html {
    let (plot, canvas) = (use_node_ref(), use_node_ref());
    let size = use_size(&plot, (640.0, draw::axis_height()));
    let themes = use_themes();
    use_effect_with((props.window, size, themes), {
        let canvas = canvas.clone();
        move |(window, ..)| draw::axis(&canvas, *window)
    });
    html! { <div class="plot axis" ref={plot}><canvas ref={canvas} aria-hidden="true"></canvas></div> }
}

#[derive(PartialEq, Properties)]
struct TableProps {
    results: Results,
    scenes: Rc<Vec<Rc<Scene>>>,
}

/// What each lane spent its time on.
#[component]
fn LaneTable(props: &TableProps) -> Html {
    let spent = |lane: &Lane, activity| lane.spent_us(activity, 0.0, f64::INFINITY);
    let lanes = || props.scenes.iter().flat_map(|scene| scene.record.lanes());
    let columns: Vec<Activity> =
        Activity::ALL.iter().copied().filter(|&a| lanes().any(|lane| spent(lane, a) > 0.0)).collect();
    let rows = props.results.strips.iter().zip(props.scenes.iter()).flat_map(|(strip, scene)| {
        let columns = &columns;
        scene.record.lanes().iter().map(move |lane| {
            html! {
                <tr>
                    <td>{ outcome::title(strip.model) }</td>
                    <th scope="row">{ lane.title() }</th>
                    { for columns.iter().map(|&activity| html! { <td>{ format::duration(spent(lane, activity)) }</td> }) }
                </tr>
            }
        })
    });
    html! {
        <details class="lane-table">
            <summary>{ words::TABLE }</summary>
            <div class="scroll" tabindex="0" role="region" aria-label={words::TABLE}>
                <table>
                    <thead>
                        <tr>
                            { for words::COLUMNS.map(|name| html! { <th scope="col">{ name }</th> }) }
                            { for columns.iter().map(|&activity| html! { <th scope="col">{ about(activity) }</th> }) }
                        </tr>
                    </thead>
                    <tbody>{ for rows }</tbody>
                </table>
            </div>
        </details>
    }
}
