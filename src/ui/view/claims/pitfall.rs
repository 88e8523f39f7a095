//! What a pitfall's lanes have done: live while they run, and after that.

use yew::prelude::*;

use crate::claim::{Claim, Need};
use crate::format;
use crate::pitfall::{LaneSeen, Pitfall, wait_for_cycle};
use crate::ui::claims::Claims;

/// A panel for each pitfall that `claim` needs; nothing for other claims, and before anything is seen.
pub fn panels(claim: &Claim, claims: &Claims, cores: u32) -> Html {
    let panel = |need| {
        let Need::Pitfall(pitfall) = need else { return None };
        let live =
            claims.measuring.as_ref().filter(|measuring| measuring.need == Some(Need::Pitfall(pitfall)));
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
    Some(format!("In the last run the number came to {sum}; {lost} updates are lost."))
}

/// What a lane is called, and what it does.
fn lane_name(pitfall: Pitfall, number: usize) -> String {
    match (pitfall, number) {
        (Pitfall::Starvation(_), 3) => "modest, turns".to_owned(),
        (Pitfall::Starvation(_), _) => format!("greedy {number}, turns"),
        (Pitfall::Race(_), _) => format!("lane {number}, additions"),
        (Pitfall::Deadlock(_), _) => format!("lane {number}, locks taken"),
        (Pitfall::Livelock(_), _) => format!("lane {number}, work done"),
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
                if is_polite { { bar("yields", format!("lane {number}, yielded"), lane.yielded) } }
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
    let words = format!(
        "Lane 1 holds lock {held} and waits for lock {wanted}, which lane 2 holds; lane 2 waits for lock {held}."
    );
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
