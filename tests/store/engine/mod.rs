mod differential;
mod exact;
mod hostile;
mod live;
mod reentrancy;
