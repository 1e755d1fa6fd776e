mod hostile;
mod life;
mod watching;
