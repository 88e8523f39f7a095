//! The page.

fn main() {
    yew::Renderer::<lanes::ui::App>::new().render();
}
