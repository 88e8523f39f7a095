// What the service worker knows of the build. `cargo xtask build` writes this file anew, with the name of
// the build and the digest of each of its files; a build by hand keeps this one, and nothing for offline use.
self.BUILD = { name: "", files: {} };
