//! Two threads that each add one, step by step, by hand.

use yew::prelude::*;

use crate::pitfall::interleaving::{Step, Threads, orders};

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
            <h2 id="interleaving-title">{ "By hand" }</h2>
            <p class="prose">{ "Two threads each add one to a number that is 0. Choose who goes next, until both are done." }</p>
            <div class="threads">
                { for [0, 1].map(|thread| {
                    let next = threads.next(thread);
                    let longer: Vec<usize> = order.iter().copied().chain([thread]).collect();
                    html! {
                        <div class={["thread-a", "thread-b"][thread]}>
                            <h3>{ format!("Thread {}", NAMES[thread]) }</h3>
                            <ol>{ for Step::ALL.iter().enumerate().map(|(at, step)| html! {
                                <li data-done={(at < threads.steps[thread]).to_string()}>{ step.name() }</li>
                            }) }</ol>
                            <p>{ "has read: " }<strong>{ threads.hands[thread].map_or("nothing".to_owned(), |n| n.to_string()) }</strong></p>
                            <button type="button" class="quiet step" data-thread={NAMES[thread]} disabled={next.is_none()} onclick={go(longer)}>
                                { next.map_or("done", Step::name) }
                            </button>
                        </div>
                    }
                }) }
                <div>
                    <h3>{ "The number in memory" }</h3>
                    <p class="number-now" id="number">{ threads.number }</p>
                    <button type="button" class="quiet step" disabled={order.is_empty()} onclick={go(shorter)}>{ "One step back" }</button>
                    <button type="button" class="quiet step" disabled={order.is_empty()} onclick={go(vec![])}>{ "From the start" }</button>
                </div>
            </div>
            <p role="status" id="outcome">{ outcome(&threads) }</p>
            <details>
                <summary>{ "All 20 orders" }</summary>
                <p class="prose">{ "Two of them lose nothing: those in which one thread is done before the other begins. A real machine chooses, a million times a second." }</p>
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
        (true, 2) => "Both updates are there.",
        (true, _) => "Two were added and the number is 1: one update is lost.",
    }
}
