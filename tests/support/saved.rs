//! What the page hands to the visitor as a file.

use anyhow::{Context, Result};

use super::Page;

/// Notes the text of each file that is handed over.
const NOTE: &str = "
    if (window.savedText === undefined) {
      const make = URL.createObjectURL.bind(URL);
      URL.createObjectURL = blob => {
        blob.text().then(text => { window.savedText = text; });
        return make(blob);
      };
    }
    window.savedText = null;
    return null;";

/// Presses what `css` selects, and gives back the text that the page saves then.
///
/// # Errors
/// When there is nothing to press, or nothing is saved.
pub async fn saved_text(page: &Page, css: &str) -> Result<String> {
    page.script::<Option<()>>(NOTE).await?;
    page.press(css).await?;
    let text: Option<String> = page.until("arguments[0](window.savedText)", Option::is_some).await?;
    text.context("nothing was saved")
}
