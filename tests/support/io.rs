//! Work that waits, as the tests of it run it.

use anyhow::{Result, ensure};

use super::Page;

/// Answers whether anything that lanes write is still there: files, entries of the cache, the database.
const IS_ANYTHING_LEFT: &str = "
    const done = arguments[0];
    const files = async () => {
      // Where there are no files, none are left.
      if (!navigator.storage?.getDirectory) return false;
      try {
        const root = await navigator.storage.getDirectory();
        await root.getDirectoryHandle('lanes-io');
        return true;
      } catch (error) {
        return error.name !== 'NotFoundError' && error.name !== 'SecurityError';
      }
    };
    const is_ours = (name) => name.startsWith('lanes-io');
    const entries = () => caches.keys().then((all) => all.some(is_ours), () => false);
    const databases = async () => (await indexedDB.databases()).some(({ name }) => is_ours(name));
    Promise.all([files(), entries(), databases()]).then((left) => done(left));";

/// Chooses a workload at so many lanes, over a network that is soon there, for so many rounds.
pub async fn settle(page: &Page, workload: &str, lanes: &str, rounds: u32) -> Result<()> {
    page.unfold_settings().await?;
    page.choose("workload", workload).await?;
    page.choose("size", "s").await?;
    page.write("lane-counts", lanes).await?;
    page.write("min-rounds", &rounds.to_string()).await?;
    page.write("max-rounds", &rounds.to_string()).await?;
    if page.count("#set-latency").await? > 0 {
        page.write("latency", "5").await?;
    }
    Ok(())
}

/// Runs it to its end: tasks may fail, trials may not.
pub async fn run(page: &Page) -> Result<()> {
    page.run_to_end().await?;
    ensure!(page.count("#failures li").await? == 0, "{}", page.text("#failures").await?);
    Ok(())
}

/// What the page says before one trusts the figures; nothing if it says nothing.
pub async fn warnings(page: &Page) -> Result<String> {
    if page.count("#warnings").await? == 0 { Ok(String::new()) } else { page.text("#warnings").await }
}

/// How many trials of a point had tasks that failed.
pub async fn incomplete(page: &Page, model: &str, lanes: u32) -> Result<u32> {
    let row = format!("#results tr[data-model='{model}'][data-lanes='{lanes}']");
    Ok(page.attribute(&row, "data-incomplete").await?.unwrap_or_default().parse()?)
}

/// Waits until nothing is left of what lanes have written: no file, no entry of the cache, no database.
pub async fn nothing_is_left(page: &Page) -> Result<()> {
    page.until(IS_ANYTHING_LEFT, |left: &[bool; 3]| *left == [false; 3]).await.map(drop)
}
