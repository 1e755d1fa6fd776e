mod commits;
mod documents;
mod replay;
