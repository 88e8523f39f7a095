//! What a run wrote, in a bounded memory, and what the driver told in it.

use super::record::Thread;

/// The most letters that are kept of one run. Of more, the last ones are.
const MOST: usize = 200_000;
/// What a line of the driver begins with.
const TOLD: char = '\u{1e}';

/// What a run wrote.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Output {
    /// What was written, in the order of writing.
    pub parts: Vec<Part>,
    /// How many letters were left out at the begin.
    pub left_out: usize,
    /// When the work began, in ms since 1970, if the driver told.
    pub begin_ms: Option<f64>,
    /// When the work ended, in ms since 1970, if the driver told.
    pub end_ms: Option<f64>,
    /// What the driver told of the answers: equal where they are.
    pub answers: Option<String>,
    letters: usize,
    /// The begin of a line of the driver.
    rest: String,
}

/// What one thread wrote without another in between.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// Who wrote.
    pub thread: Thread,
    /// Whether it is for errors.
    pub is_error: bool,
    /// What was written.
    pub text: String,
}

impl Output {
    /// Adds what a thread wrote.
    pub fn write(&mut self, thread: Thread, is_error: bool, text: &str) {
        let is_drivers = thread == Thread::default() && !is_error;
        let text = if is_drivers { self.take_told(text) } else { text.to_owned() };
        if text.is_empty() {
            return;
        }
        self.letters += text.len();
        match self.parts.last_mut() {
            Some(last) if last.thread == thread && last.is_error == is_error => last.text += &text,
            _ => self.parts.push(Part { thread, is_error, text }),
        }
        while self.letters > MOST {
            self.leave_out();
        }
    }

    /// What was written for errors, by whichever process.
    pub fn errors(&self) -> String {
        let errors = self.parts.iter().filter(|part| part.is_error);
        errors.map(|part| part.text.as_str()).collect()
    }

    /// All that was written, whoever wrote it.
    pub fn printed(&self) -> String {
        self.parts.iter().filter(|part| !part.is_error).map(|part| part.text.as_str()).collect()
    }

    /// Whether a process other than the script's own wrote a traceback: then it failed, whatever the script's exit code.
    pub fn has_failed_process(&self) -> bool {
        let of_others = self.parts.iter().filter(|part| part.is_error && part.thread.process > 0);
        of_others.map(|part| &part.text).any(|text| text.contains("Traceback"))
    }

    /// How long the work took by what the driver told, in µs.
    pub fn took_us(&self) -> Option<f64> {
        Some((self.end_ms? - self.begin_ms?) * 1e3)
    }

    /// Takes the driver's lines out of what was written.
    fn take_told(&mut self, text: &str) -> String {
        let text = std::mem::take(&mut self.rest) + text;
        let mut written = String::new();
        let mut left = text.as_str();
        while let Some((before, told)) = left.split_once(TOLD) {
            written += before;
            let Some((line, after)) = told.split_once('\n') else {
                self.rest = format!("{TOLD}{told}");
                return written;
            };
            let words: Vec<&str> = line.split(' ').collect();
            match words[..] {
                ["begin", ms] => self.begin_ms = ms.parse().ok(),
                ["end", answers, ms] => {
                    self.end_ms = ms.parse().ok();
                    self.answers = Some(answers.to_owned()).filter(|answers| answers != "-");
                }
                _ => written += line,
            }
            left = after;
        }
        written + left
    }

    /// Leaves out the first half of what is there.
    fn leave_out(&mut self) {
        let mut most = MOST / 2;
        while let Some(first) = self.parts.first_mut().filter(|_| most > 0) {
            let mut cut = first.text.len().min(most);
            while !first.text.is_char_boundary(cut) {
                cut += 1;
            }
            most = most.saturating_sub(cut);
            self.letters -= cut;
            self.left_out += cut;
            if cut == first.text.len() {
                self.parts.remove(0);
            } else {
                first.text.drain(..cut);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAIN: Thread = Thread { process: 0, number: 0 };
    const OTHER: Thread = Thread { process: 0, number: 1 };

    #[test]
    fn what_the_driver_tells_is_no_output() {
        let mut output = Output::default();
        output.write(MAIN, false, "a\n\u{1e}begin 1000.500\nb\n\u{1e}end 77");
        assert_eq!(output.took_us(), None);
        output.write(OTHER, false, "c");
        output.write(MAIN, false, " 1002.000\nd\n");
        assert_eq!(output.took_us(), Some(1_500.0));
        assert_eq!(output.answers.as_deref(), Some("77"));
        let parts: Vec<_> = output.parts.iter().map(|part| part.text.as_str()).collect();
        assert_eq!(parts, ["a\nb\n", "c", "d\n"]);
    }

    #[test]
    fn an_endless_print_fills_no_memory() {
        let mut output = Output::default();
        for number in 0..100_000 {
            let thread = if number % 5 == 0 { OTHER } else { MAIN };
            output.write(thread, false, "grüße ");
        }
        let kept: usize = output.parts.iter().map(|part| part.text.len()).sum();
        assert!(kept <= MOST && kept == output.letters);
        assert_eq!(kept + output.left_out, 100_000 * "grüße ".len());
    }
}
