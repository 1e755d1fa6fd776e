mod crash;
#[cfg(target_os = "linux")]
mod descriptors;
mod files;
mod grouped;
mod locks;
mod opening;
mod stores;
