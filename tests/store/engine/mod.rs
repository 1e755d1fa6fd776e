mod differential;
mod hostile;
mod live;
mod reentrancy;
