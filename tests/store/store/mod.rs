mod commits;
mod documents;
mod replay;
mod watch;
