//! The picture that the images are about, and its tiles as they are done.

use web_sys::DragEvent;
use yew::prelude::*;

use crate::browser::page::{self, picture};
use crate::ui::pictures::{Pictures, colours};

use super::controls::Controls;

mod words {
    pub const PICTURE: &str = "The picture";
    pub const MADE: &str =
        "Made from a formula. Drop a picture of your own here, or choose one; it stays on this machine.";
    pub const CHOOSE: &str = "Choose a picture";
    pub const REMOVE: &str = "Remove picture";
    pub const NOT_THERE_YET: &str = "The picture appears with the first trial.";

    pub fn own(name: &str) -> String {
        format!("“{name}”, cropped and scaled to fit. It stays on this machine.")
    }

    pub fn label(done: usize, all: usize) -> String {
        format!("The picture: edges are found in {done} of {all} tiles.")
    }

    pub fn caption(done: usize, all: usize) -> String {
        format!("{done} of {all} tiles are done; each colour is a lane.")
    }
}

#[derive(PartialEq, Properties)]
pub struct Props {
    /// What is known of the picture.
    pub pictures: Pictures,
    /// Whether an experiment runs, and the picture cannot be changed.
    pub running: bool,
    /// Takes a picture of the visitor's own.
    pub controls: Controls,
}

/// The picture, and the ways to bring one's own.
#[component]
pub fn PictureCard(props: &Props) -> Html {
    let canvas = use_node_ref();
    let seen = (props.pictures.preview.clone(), props.pictures.tasks.clone());
    use_effect_with((seen, canvas.clone()), |((preview, tasks), canvas)| {
        if let (Some(preview), Some(node)) = (preview, canvas.get()) {
            picture::draw(&node, preview.width, preview.height, &colours(preview, tasks));
        }
    });

    let bring = {
        let bring = props.controls.bring_picture.clone();
        move |event: &Event| {
            if let Some(file) = page::file_of(event) {
                bring.emit(Some(file));
            }
        }
    };
    let onchange = {
        let bring = bring.clone();
        move |event: Event| bring(&event)
    };
    let running = props.running;
    let ondrop = move |event: DragEvent| {
        event.prevent_default();
        if !running {
            bring(&event);
        }
    };
    // A browser drops nothing where this is not prevented.
    let ondragover = |event: DragEvent| event.prevent_default();
    let remove = props.controls.bring_picture.reform(|_: MouseEvent| None);

    let pictures = &props.pictures;
    let source = match &pictures.own {
        Some(name) => words::own(name),
        None => words::MADE.to_owned(),
    };
    let (label, caption) = match pictures.done() {
        None => (words::NOT_THERE_YET.to_owned(), String::new()),
        Some((done, all)) => (words::label(done, all), words::caption(done, all)),
    };
    html! {
        <section class="card picture" id="picture" aria-labelledby="picture-title" {ondrop} {ondragover}
            data-own={pictures.own.is_some().then_some("")}>
            <h2 id="picture-title">{ words::PICTURE }</h2>
            <p class="source">{ source }</p>
            <div class="bring">
                <label class="button" data-disabled={running.then_some("")}>
                    { words::CHOOSE }
                    <input id="own-picture" class="unseen" type="file" accept="image/*" disabled={running} {onchange} />
                </label>
                if pictures.own.is_some() {
                    <button class="quiet" type="button" disabled={running} onclick={remove}>{ words::REMOVE }</button>
                }
            </div>
            <p class="refusal" role="alert">{ pictures.refusal.clone() }</p>
            <canvas ref={canvas} width="512" height="384" role="img" aria-label={label}></canvas>
            <p class="caption">{ caption }</p>
        </section>
    }
}
