mod crash;
mod files;
mod opening;
