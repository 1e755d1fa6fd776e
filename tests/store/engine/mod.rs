mod hostile;
mod live;
mod reentrancy;
