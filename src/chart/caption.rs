//! What stands below a chart that has become a picture of its own.

/// `text` in lines, each of as many letters as there is room for in so many CSS pixels. A word that is longer has a
/// line of its own.
pub fn caption_lines(text: &str, width: f64) -> Vec<String> {
    /// How wide a letter of the axes' size is, in CSS pixels: most are a little narrower.
    const LETTER: f64 = 7.0;
    let room = (width / LETTER) as usize;
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ') {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= room => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}
