mod protocol;
mod users;
