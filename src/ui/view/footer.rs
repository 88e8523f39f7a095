//! What is measured and how, and which build this is.

use yew::prelude::*;

/// The page's foot.
#[component]
pub fn Footer() -> Html {
    html! {
        <footer>
            <details class="method">
                <summary>{ "What is measured, and how" }</summary>
                <ul>
                    <li>{ "Every model runs the same code, compiled once, on the same inputs. Only the memory and the lock differ: threads share one memory, processes have one each and copy what goes in and out, and under a GIL only the thread that holds the lock computes." }</li>
                    <li>{ "A warm-up comes first and is not counted. Then every round runs each model at each lane count once, in an order of its own, so that whatever drifts hits all alike." }</li>
                    <li>{ "Figures are medians. Their intervals are bootstrap intervals of 95 %, from six samples on; with fewer, they reach from the least sample to the greatest. A speed-up is the median of the rounds' own: in each round, the serial time over the model's." }</li>
                    <li>{ "Rounds go on until every median is known within 5 %, or the time budget is spent. No sample is dropped; a trial with a wrong answer or in a hidden tab is not counted and is reported." }</li>
                </ul>
            </details>
            <p>{ "Nothing leaves this machine. " }<span class="build">{ "Build " }<code>{ crate::BUILD }</code></span></p>
        </footer>
    }
}
