//! What goes wrong with threads, seen: what a pitfall's lanes have done, live and after that, and a race by hand.

use yew::prelude::*;

use crate::claim::{Claim, Measurement};
use crate::format;
use crate::pitfall::interleaving::{Step, Threads, orders};
use crate::pitfall::{LaneSeen, Pitfall, wait_for_cycle};
use crate::ui::claims::Claims;

mod words {
    pub const MODEST: &str = "modest, turns";
    pub const BY_HAND: &str = "By hand";
    pub const WHAT_TO_DO: &str =
        "Two threads each add one to a number that is 0. Choose who goes next, until both are done.";
    pub const HAS_READ: &str = "has read: ";
    pub const NOTHING: &str = "nothing";
    pub const DONE: &str = "done";
    pub const NUMBER: &str = "The number in memory";
    pub const BACK: &str = "One step back";
    pub const FROM_START: &str = "From the start";
    pub const ALL_ORDERS: &str = "All 20 orders";
    pub const ABOUT_ORDERS: &str = "Two of them lose nothing: those in which one thread is done before the other begins. A real machine chooses, a million times a second.";
    pub const NOTHING_LOST: &str = "Both updates are there.";
    pub const ONE_LOST: &str = "Two were added and the number is 1: one update is lost.";

    pub fn lost(sum: &str, lost: &str) -> String {
        format!("In the last run the number came to {sum}; {lost} updates are lost.")
    }

    pub fn greedy(number: usize) -> String {
        format!("greedy {number}, turns")
    }

    pub fn lane_counts(number: usize, what: &str) -> String {
        format!("lane {number}, {what}")
    }

    pub fn thread(name: &str) -> String {
        format!("Thread {name}")
    }

    pub fn circle(held: &str, wanted: &str) -> String {
        format!(
            "Lane 1 holds lock {held} and waits for lock {wanted}, which lane 2 holds; lane 2 waits for lock {held}."
        )
    }
}

/// A panel for each pitfall that `claim` needs; nothing for other claims, and before anything is seen.
pub fn panels(claim: &Claim, claims: &Claims, cores: u32) -> Html {
    let panel = |need| {
        let Measurement::Pitfall(pitfall) = need else { return None };
        let live = claims
            .measuring
            .as_ref()
            .filter(|measuring| measuring.need == Some(Measurement::Pitfall(pitfall)));
        let live = live.map(|measuring| measuring.seen.clone()).filter(|seen| !seen.is_empty());
        // Lanes that stood still say more than those that came through by chance.
        let last = || {
            let samples = &claims.evidence.pitfall(pitfall)?.samples;
            let sample = samples.iter().rfind(|sample| sample.stood_still).or(samples.last());
            sample.map(|sample| sample.lanes.clone())
        };
        let numbers = live.is_none().then(|| number(pitfall, claims)).flatten();
        let lanes = live.or_else(last)?;
        Some(html! {
            <div class="panel" data-pitfall={pitfall.name()}>
                <h3>{ pitfall.name() }</h3>
                { bars(pitfall, &lanes) }
                { for numbers.map(|words| html! { <p class="note">{ words }</p> }) }
                { for wait_for_cycle(&lanes).map(|_| circle(&lanes)) }
            </div>
        })
    };
    let panels: Vec<Html> = (claim.needs)(cores).into_iter().filter_map(panel).collect();
    if panels.is_empty() {
        Html::default()
    } else {
        html! { <div class="panels">{ panels }</div> }
    }
}

/// What the number of a race came to in its last run.
fn number(pitfall: Pitfall, claims: &Claims) -> Option<String> {
    let sample = claims.evidence.pitfall(pitfall)?.samples.last()?;
    let Pitfall::Race(_) = pitfall else { return None };
    let (sum, lost) = (format::thousands(sample.sum.into()), format::thousands(sample.lost()));
    Some(words::lost(&sum, &lost))
}

/// What a lane is called, and what it does.
fn lane_name(pitfall: Pitfall, number: usize) -> String {
    match (pitfall, number) {
        (Pitfall::Starvation(_), 3) => words::MODEST.to_owned(),
        (Pitfall::Starvation(_), _) => words::greedy(number),
        (Pitfall::Race(_), _) => words::lane_counts(number, "additions"),
        (Pitfall::Deadlock(_), _) => words::lane_counts(number, "locks taken"),
        (Pitfall::Livelock(_), _) => words::lane_counts(number, "work done"),
    }
}

/// What each lane has done, and how often it let others go first.
fn bars(pitfall: Pitfall, lanes: &[LaneSeen]) -> Html {
    let is_polite = matches!(pitfall, Pitfall::Livelock(_));
    let most = lanes.iter().map(|lane| lane.done.max(lane.yielded)).max().unwrap_or(0).max(1);
    let bar = |class: &'static str, what: String, count: u32| {
        let width = f64::from(count) / f64::from(most) * 1_000.0;
        html! {
            <>
                <span>{ what }</span>
                <svg viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true">
                    <rect {class} width={format!("{width:.0}")} height="10" />
                </svg>
                <span>{ format::thousands(count.into()) }</span>
            </>
        }
    };
    let lane = |(number, lane): (usize, &LaneSeen)| {
        let number = number + 1;
        html! {
            <>
                { bar("computes", lane_name(pitfall, number), lane.done) }
                if is_polite { { bar("yields", words::lane_counts(number, "yielded"), lane.yielded) } }
            </>
        }
    };
    html! { <div class="bars seen">{ for lanes.iter().enumerate().map(lane) }</div> }
}

/// Who holds what and who waits for whom, when two lanes wait for each other.
fn circle(lanes: &[LaneSeen]) -> Html {
    let lock = |lock: Option<u32>| if lock == Some(0) { "A" } else { "B" };
    let [first, second, ..] = lanes else { return Html::default() };
    let (held, wanted) = (lock(first.holds), lock(second.holds));
    let words = words::circle(held, wanted);
    html! {
        <figure class="circle">
            <svg viewBox="0 0 320 130" role="img" aria-label={words.clone()}>
                <path class="held" d="M78 38H136" /><path class="wanted" d="M184 38H242" />
                <path class="held" d="M242 98H184" /><path class="wanted" d="M136 98H78" />
                <path class="turn" d="M40 84V52" /><path class="turn" d="M280 52V84" />
                <rect x="2" y="22" width="76" height="86" rx="6" /><rect x="242" y="22" width="76" height="86" rx="6" />
                <circle cx="160" cy="38" r="20" /><circle cx="160" cy="98" r="20" />
                <text x="40" y="70">{ "lane 1" }</text><text x="280" y="70">{ "lane 2" }</text>
                <text x="160" y="43">{ held }</text><text x="160" y="103">{ wanted }</text>
                <text x="107" y="32">{ "holds" }</text><text x="213" y="32">{ "← waits" }</text>
                <text x="213" y="92">{ "holds" }</text><text x="107" y="92">{ "waits →" }</text>
            </svg>
            <figcaption>{ words }</figcaption>
        </figure>
    }
}

const NAMES: [&str; 2] = ["A", "B"];

/// The two threads, a button for each one's next step, and every order there is.
#[component]
pub fn Interleaving() -> Html {
    let order = use_state(Vec::<usize>::new);
    let threads = Threads::after(&order);
    let go = |next: Vec<usize>| {
        let order = order.clone();
        Callback::from(move |_: MouseEvent| order.set(next.clone()))
    };
    let shorter = order[..order.len().saturating_sub(1)].to_vec();
    html! {
        <section class="card interleaving" id="interleaving" aria-labelledby="interleaving-title">
            <h2 id="interleaving-title">{ words::BY_HAND }</h2>
            <p class="prose">{ words::WHAT_TO_DO }</p>
            <div class="threads">
                { for [0, 1].map(|thread| {
                    let next = threads.next(thread);
                    let longer: Vec<usize> = order.iter().copied().chain([thread]).collect();
                    html! {
                        <div class={["thread-a", "thread-b"][thread]}>
                            <h3>{ words::thread(NAMES[thread]) }</h3>
                            <ol>{ for Step::ALL.iter().enumerate().map(|(at, step)| html! {
                                <li data-done={(at < threads.steps[thread]).to_string()}>{ step.name() }</li>
                            }) }</ol>
                            <p>{ words::HAS_READ }<strong>{ threads.hands[thread].map_or(words::NOTHING.to_owned(), |n| n.to_string()) }</strong></p>
                            <button type="button" class="quiet step" data-thread={NAMES[thread]} disabled={next.is_none()} onclick={go(longer)}>
                                { next.map_or(words::DONE, Step::name) }
                            </button>
                        </div>
                    }
                }) }
                <div>
                    <h3>{ words::NUMBER }</h3>
                    <p class="number-now" id="number">{ threads.number }</p>
                    <button type="button" class="quiet step" disabled={order.is_empty()} onclick={go(shorter)}>{ words::BACK }</button>
                    <button type="button" class="quiet step" disabled={order.is_empty()} onclick={go(vec![])}>{ words::FROM_START }</button>
                </div>
            </div>
            <p role="status" id="outcome">{ outcome(&threads) }</p>
            <details>
                <summary>{ words::ALL_ORDERS }</summary>
                <p class="prose">{ words::ABOUT_ORDERS }</p>
                <div class="orders">{ for orders().into_iter().map(|one| {
                    let ends_at = Threads::after(&one).number;
                    let name: String = one.iter().map(|&thread| NAMES[thread]).collect();
                    let is_shown = order.as_slice() == one.as_slice();
                    html! {
                        <button type="button" class="quiet" aria-pressed={is_shown.to_string()} data-ends-at={ends_at.to_string()} onclick={go(one.to_vec())}>
                            <code>{ name }</code>{ format!(" → {ends_at}") }
                        </button>
                    }
                }) }</div>
            </details>
        </section>
    }
}

fn outcome(threads: &Threads) -> &'static str {
    match (threads.are_done(), threads.number) {
        (false, _) => "",
        (true, 2) => words::NOTHING_LOST,
        (true, _) => words::ONE_LOST,
    }
}
