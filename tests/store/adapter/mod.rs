mod crash;
mod files;
mod locks;
mod opening;
mod stores;
