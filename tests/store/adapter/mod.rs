mod crash;
mod files;
mod opening;
mod stores;
