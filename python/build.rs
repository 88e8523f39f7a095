//! The host calls a function of the program by its place in the table of functions (src/main.rs).

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rustc-link-arg-bins=--export-table");
}
