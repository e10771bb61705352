//! The WebAssembly entry. It re-exports every island of `app`, so that the linker keeps them. `hydrate` prepares the
//! hydration; the page's script (`app/src/page.rs`) then hydrates each island.

pub use app::*;

/// Called once by the page's script before the islands are hydrated.
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    leptos::mount::hydrate_islands();
}
