//! The picture of the timeline, and what pointers, the wheel and keys do with it.

use std::rc::Rc;

use yew::prelude::*;

use crate::browser::{
    page::{
        self,
        frame::Scheduled,
        wheel::{self, Turn},
    },
    wire::clock,
};
use crate::format;
use crate::hand_over::{HandOver, hand_overs};
use crate::ui::{
    state::Action,
    timeline::TimelineAction,
    timeline::gesture::{self, Command, Pointers, command_of},
    timeline::kept::ShownSample,
    timeline::reading::{Place, Stretch},
    timeline::window::{Shift, Window},
    view::controls::DRAW_EVERY_US,
    view::controls::Dispatch,
    view::parts::{use_size, use_themes},
};

use super::draw::{Layout, Scene, draw};

/// The element that takes the keys.
pub const PLOT_ID: &str = "timeline-plot";

mod words {
    pub const TIMELINE: &str = "timeline";
    pub const HOW_TO_READ: &str = "What each lane did, and when. Plus, minus and Home zoom, left and right move; up, down, and shift with left and right read out lanes and their stretches; the table below has the sums.";
    pub const NOTHING_YET: &str = "The timeline of each trial appears here.";
}

/// How near to a segment the pointer has to be, in CSS pixels.
const NEAR: f64 = 3.0;

#[derive(PartialEq, Properties)]
pub struct Props {
    /// The trial.
    pub shown: Option<ShownSample>,
    /// Whether a lane holds the GIL whenever it computes.
    pub holds_gil: bool,
    /// What of the trial is shown.
    pub window: Option<Window>,
    /// What is read out.
    pub read: Option<Stretch>,
    /// Whether that is spoken, too.
    pub by_key: bool,
    /// Whether trials run: then it is drawn less often.
    pub running: bool,
    /// Takes what is asked for.
    pub dispatch: Dispatch,
}

/// The lanes' rows over the time axis.
#[component]
pub fn Plot(props: &Props) -> Html {
    let (plot, canvas) = (use_node_ref(), use_node_ref());
    let size = use_size(&plot, (720.0, 200.0));
    let themes = use_themes();
    let pointers = use_mut_ref(Pointers::default);
    let hand_overs = use_memo((props.shown.clone(), props.holds_gil), |(shown, holds_gil)| {
        shown.as_ref().filter(|_| *holds_gil).map(|sample| hand_overs(&sample.lanes)).unwrap_or_default()
    });
    let lanes = props.shown.as_ref().map_or(0, |sample| sample.lanes.len() as u32);
    let layout = Layout::new(size, lanes);

    use_effect_with((plot.clone(), size), {
        let dispatch = props.dispatch.clone();
        move |(plot, size)| {
            let layout = Layout::new(*size, 0);
            let turned = move |turn, (x, _): (f64, f64)| {
                let shift = match turn {
                    Turn::Sideways(pixels) => Shift::moved(-pixels / layout.width),
                    Turn::Notches(notches) => gesture::turned(notches, layout.part_of(x)),
                };
                send(&dispatch, Some(Command::Shift(shift)));
                true
            };
            let listener = plot.get().and_then(|node| wheel::on_wheel(&node, turned));
            move || drop(listener)
        }
    });
    use_draw(props, &canvas, layout, (size, themes), &hand_overs);

    let onpointerdown = {
        let (plot, pointers) = (plot.clone(), pointers.clone());
        move |event: PointerEvent| {
            let Some(node) = plot.get() else { return };
            if let Some((x, _)) = page::place_in(&node, &event) {
                pointers.borrow_mut().press(event.pointer_id(), x - layout.left);
                wheel::capture(&node, event.pointer_id());
            }
        }
    };
    let onpointermove = {
        let (plot, pointers, dispatch) = (plot.clone(), pointers.clone(), props.dispatch.clone());
        let window = props.window;
        move |event: PointerEvent| {
            let Some((x, y)) = plot.get().and_then(|node| page::place_in(&node, &event)) else { return };
            let shift = pointers.borrow_mut().moved(event.pointer_id(), x - layout.left, layout.width);
            match (shift, window) {
                (Some(shift), _) if pointers.borrow().drags() => send(&dispatch, Some(Command::Shift(shift))),
                (_, Some(window)) => {
                    let at_us = window.time_at(layout.part_of(x));
                    let is_inside = (0.0..=1.0).contains(&layout.part_of(x));
                    let lane = layout.rows.lane_at(y).filter(|_| is_inside);
                    let near_us = NEAR / layout.width * window.span_us();
                    let place = lane.map(|lane| Place { lane, at_us });
                    dispatch.dispatch(Action::Timeline(TimelineAction::Point(place, near_us)));
                }
                (_, None) => {}
            }
        }
    };
    let lift = {
        let pointers = pointers.clone();
        Callback::from(move |event: PointerEvent| pointers.borrow_mut().lift(event.pointer_id()))
    };
    let onpointerleave = {
        let dispatch = props.dispatch.clone();
        move |event: PointerEvent| {
            // A finger that is lifted leaves its reading; a mouse that moves away takes it along.
            if event.pointer_type() == "mouse" {
                dispatch.dispatch(Action::Timeline(TimelineAction::Point(None, 0.0)));
            }
        }
    };
    let onkeydown = {
        let dispatch = props.dispatch.clone();
        move |event: KeyboardEvent| {
            let command = command_of(&event.key(), event.shift_key());
            // With other keys held these are the browser's: it zooms the page, or goes back.
            if command.is_some() && !event.ctrl_key() && !event.alt_key() && !event.meta_key() {
                event.prevent_default();
                send(&dispatch, command);
            }
        }
    };
    let zoomed = match (&props.shown, props.window) {
        (Some(sample), Some(window)) => sample.total_us.max(1.0) / window.span_us(),
        _ => 1.0,
    };
    html! {
        <>
            <div class="plot lanes" id={PLOT_ID} ref={plot} tabindex="0" role="application"
                aria-roledescription={words::TIMELINE} data-zoomed={format!("{zoomed:.2}")}
                data-segments={props.shown.as_ref().map(|sample| sample.lanes.iter().map(Vec::len).sum::<usize>().to_string())}
                data-trial={props.shown.as_ref().map(|sample| sample.trial.id.to_string())}
                aria-label={words::HOW_TO_READ}
                {onpointerdown} {onpointermove} {onpointerleave}
                onpointerup={lift.clone()} onpointercancel={lift} {onkeydown}>
                <canvas ref={canvas} aria-hidden="true"></canvas>
                if props.shown.is_none() {
                    <p class="hint">{ words::NOTHING_YET }</p>
                }
                if let (Some(read), Some(window)) = (props.read, props.window) {
                    <ReadOut {read} holds_gil={props.holds_gil} place={place_of(&read, &layout, window)} size={size} />
                }
            </div>
            <p class="unseen" role="status">
                { props.read.filter(|_| props.by_key).map(|read| read.read_out(props.holds_gil)) }
            </p>
        </>
    }
}

/// Sends what a key, a button, the wheel or a finger asks for.
pub fn send(dispatch: &Dispatch, command: Option<Command>) {
    if let Some(command) = command {
        dispatch.dispatch(Action::Timeline(TimelineAction::Command(command)));
    }
}

/// Draws what has changed, in the next frame; while trials run, no more often than the page draws then.
/// What changes again before that is drawn as it is by then, and puts nothing off.
#[hook]
fn use_draw(
    props: &Props,
    canvas: &NodeRef,
    layout: Layout,
    looks: ((f64, f64), u32),
    hand_overs: &Rc<Vec<HandOver>>,
) {
    let drawn_us = use_mut_ref(|| f64::MIN);
    let next = use_mut_ref(|| None::<Box<dyn FnOnce()>>);
    let scheduled = use_mut_ref(|| None::<Scheduled>);
    let (canvas, hand_overs, running) = (canvas.clone(), hand_overs.clone(), props.running);
    let changes = (props.shown.clone(), props.window, props.read, props.holds_gil, looks);
    use_effect_with(changes, {
        let scheduled = scheduled.clone();
        move |(shown, window, read, ..)| {
            let (shown, window, read) = (shown.clone(), *window, *read);
            *next.borrow_mut() = Some(Box::new(move || {
                let scene = shown.as_deref().zip(window).map(|(sample, window)| Scene {
                    sample,
                    window,
                    layout,
                    hand_overs: &hand_overs,
                    read,
                });
                draw(&canvas, scene);
            }));
            if scheduled.borrow().is_some() {
                return;
            }
            let waits_us = *drawn_us.borrow() + DRAW_EVERY_US - clock::now_us();
            let after_ms = if running { (waits_us / 1e3).ceil().max(0.0) as u32 } else { 0 };
            let is_drawn = scheduled.clone();
            *scheduled.borrow_mut() = Some(Scheduled::new(after_ms, move || {
                is_drawn.take();
                *drawn_us.borrow_mut() = clock::now_us();
                if let Some(draw) = next.take() {
                    draw();
                }
            }));
        }
    });
    use_effect_with((), move |()| move || drop(scheduled.take()));
}

/// Where the middle of what is shown of a stretch is, in CSS pixels.
fn place_of(read: &Stretch, layout: &Layout, window: Window) -> (f64, f64) {
    let place = |us: f64| window.place_of(us).clamp(0.0, 1.0);
    let middle = (place(read.start_us) + place(read.end_us)) / 2.0;
    (layout.left + middle * layout.width, layout.rows.top(read.lane) + layout.rows.bar / 2.0)
}

#[derive(PartialEq, Properties)]
struct ReadOutProps {
    read: Stretch,
    holds_gil: bool,
    place: (f64, f64),
    size: (f64, f64),
}

/// One stretch in words, beside it.
#[component]
fn ReadOut(props: &ReadOutProps) -> Html {
    let node = use_node_ref();
    use_effect_with((node.clone(), props.place), |(node, (x, y))| {
        if let Some(node) = node.get() {
            page::set_place(&node, *x, *y);
        }
    });
    let side = if props.place.0 > props.size.0 / 2.0 { "to-left" } else { "to-right" };
    let height = if props.place.1 > props.size.1 / 2.0 { "above" } else { "below" };
    let read = &props.read;
    let id = read.activity.map_or("idle", |activity| activity.id());
    html! {
        <div class={classes!("readout", side, height)} ref={node} aria-hidden="true">
            <p>
                <span class="colour" data-activity={id}></span>
                <strong>{ format!("lane {}: {}", read.lane + 1, read.what(props.holds_gil)) }</strong>
            </p>
            <p>{ format::duration(read.end_us - read.start_us) }</p>
            <p class="basis">{ read.when() }</p>
        </div>
    }
}
