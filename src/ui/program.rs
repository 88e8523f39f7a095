//! The experiment as a Python program: which library it uses, and whether it was copied.

use crate::python::Library;

/// What the card of the Python program shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Program {
    /// The library that runs the lanes.
    pub library: Library,
    /// Whether the program was copied, or could not be; `None` before anybody tried.
    pub copied: Option<bool>,
}

/// All that can happen to it.
#[derive(Clone, Copy, Debug)]
pub enum ProgramAction {
    /// Another library was chosen.
    Choose(Library),
    /// The program was copied, or could not be.
    Copied(bool),
}

impl Program {
    /// What becomes of it when `action` happens.
    pub fn reduce(&mut self, action: ProgramAction) {
        match action {
            ProgramAction::Choose(library) => *self = Self { library, copied: None },
            ProgramAction::Copied(copied) => self.copied = Some(copied),
        }
    }

    /// What became of copying it.
    pub const fn copied_text(self) -> &'static str {
        match self.copied {
            None => "",
            Some(true) => "Copied.",
            Some(false) => "The browser did not allow it: mark the program and copy it by hand.",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_library_has_not_been_copied_yet() {
        let mut program = Program::default();
        program.reduce(ProgramAction::Copied(true));
        assert_eq!(program.copied_text(), "Copied.");
        program.reduce(ProgramAction::Choose(Library::Threading));
        assert_eq!(program, Program { library: Library::Threading, copied: None });
    }
}
