//! What the generated clients are made of, in one place.
//!
//! Input: nothing. Output: names for the code that is generated from a specification: the macros and what they call, which stand
//! nowhere else, and the types of this crate that such code names. A program that uses a client needs none of it: what callers name
//! stands at the root. Types and operations written by hand may have the form of the generated ones and use it as well.
//!
//! Within one compatible version of this crate a name may be added here, and none is taken away or changes its meaning: a client that
//! was generated earlier goes on compiling.
//!
//! | | |
//! |---|---|
//! | [`object!`] | a struct that is a JSON object: read leniently, written back whole, checked |
//! | [`string_enum!`] | an enumeration of documented words that takes others, too |
//! | [`convert!`] | from a struct that was read to one of the same fields that is sent |
//! | [`request!`] | the request of an operation, sent when it is awaited |
//! | [`settings!`] | the settings that every client's builder has |

pub use crate::target::url_part;
#[doc(inline)]
pub use crate::{
    __convert as convert, __object as object, __request as request, __settings as settings, __string_enum as string_enum,
};

#[doc(hidden)]
pub use crate::object::{Members, Object, check, read, take, take_sampled, write};
#[doc(hidden)]
pub use crate::string_enum::read_word;

pub use crate::builder::ClientBuilder;
pub use crate::client::Client;
pub use crate::constraints::Constraints;
pub use crate::credentials::Credential;
pub use crate::field::Field;
pub use crate::json::{Extra, Json};
pub use crate::list::List;
pub use crate::map::Map;
pub use crate::not_sent::BuildError;
pub use crate::number::Number;
pub use crate::operation::{ClientParameter, Failure, Method, Operation, RateLimit, Retry, Scalar, Scheme, SchemeKind, When};
pub use crate::pages::Pages;
pub use crate::pattern::Pattern;
pub use crate::secret::Secret;
pub use crate::string_enum::Unknown;
pub use crate::timestamp::Timestamp;
pub use crate::tokens::TokenSource;
pub use crate::violations::ArgumentPlace;
