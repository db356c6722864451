//! `verify`: every verb of an instance on one throw-away account, so that weak facts and preconditions show before people depend
//! on them.

use clap::Args;
use provisioning::Store as _;
use provisioning::jiff::Timestamp;
use provisioning::store::AuditEntry;
use serde_json::{Value as Json, json};
use vendor_users::{Attribute, Capabilities, Directory, Error, ErrorKind, Evidence, UserDraft, UserPatch, Verb};

use crate::configuration::Configuration;
use crate::context::Context;
use crate::failure::{DONE, FAILED, Failure};
use crate::output::{Format, say, say_json};
use crate::{ask, audit, session, table, work};

/// Verbs that change nothing.
const READS: [Verb; 3] = [Verb::Get, Verb::List, Verb::Find];

/// Walks through every verb of one instance with a throw-away account, and says which weak facts held.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  vendor-users verify --canary canary.one --email canary@example.com -i claims\n  vendor-users \
                        verify --canary ID --existing -i messages"
)]
pub(crate) struct Arguments {
    /// The user name of the account, which must not be there yet; with `--existing`, the vendor's identifier of one that is.
    #[arg(long, value_name = "USER")]
    canary: String,
    /// The email address of the account.
    #[arg(long, default_value = "canary@example.com")]
    email: String,
    /// The account is there, made for this by a person; it is changed and left disabled, and not deleted.
    #[arg(long)]
    existing: bool,
    /// Do not ask.
    #[arg(long)]
    yes: bool,
}

pub(crate) async fn run(context: &Context, arguments: &Arguments) -> Result<u8, Failure> {
    let configuration = Configuration::read(context)?;
    let mut instances = session::instances(&configuration, context)?;
    let (Some(instance), true) = (instances.pop(), instances.is_empty()) else {
        return Err(Failure::usage("one instance is verified at a time: name it with `--instance`"));
    };
    let (title, name) = (instance.title(), instance.config.name.clone());
    if instance.rules.protects(&[Some(arguments.canary.clone())]) {
        return Err(Failure::usage(format!("`{}` is protected at {name}", arguments.canary)));
    }
    let store = session::store(&configuration).await?;
    audit::check(&configuration)?;
    let (_, _, _, directory) = instance.connect().await;
    let directory = directory.map_err(Failure::failed)?;
    let question = format!("Walk through every verb of {title} with the account `{}`?", arguments.canary);
    if !ask::ask(&question, arguments.yes)? {
        return Ok(DONE);
    }
    let mut walk = Walk { directory: &*directory, tried: Vec::new() };
    let line = |action: &str, outcome: &str, error: Option<&String>| AuditEntry {
        at: Timestamp::now(),
        actor: work::actor(),
        run: None,
        instance: name.clone(),
        person: None,
        account: Some(arguments.canary.clone()),
        action: action.to_owned(),
        changes: Json::Null,
        outcome: outcome.to_owned(),
        error: error.cloned(),
        request: None,
    };
    store.record(&line("verify", "begun", None)).await.map_err(Failure::failed)?;
    let walked = walk.walk(arguments).await;
    for (verb, result) in walk.tried.iter().filter(|(verb, _)| !READS.contains(verb)) {
        let outcome = if result.is_ok() { "done" } else { "failed" };
        store.record(&line(verb.name(), outcome, result.as_ref().err())).await.map_err(Failure::failed)?;
    }
    audit::export(&configuration, &store).await?;
    walked?;
    match context.format {
        Format::Text => say(&walk.text(&title)),
        Format::Json => say_json(&walk.json(&name)),
    }
    Ok(if walk.tried.iter().any(|(_, result)| result.is_err()) { FAILED } else { DONE })
}

struct Walk<'a> {
    directory: &'a dyn Directory,
    tried: Vec<(Verb, Result<String, String>)>,
}

impl Walk<'_> {
    fn capabilities(&self) -> &Capabilities {
        self.directory.capabilities()
    }

    fn tell(&mut self, verb: Verb, result: Result<String, Error>) -> Option<String> {
        let result = result.map_err(|error| error.to_string());
        let done = result.clone().ok();
        self.tried.push((verb, result));
        done
    }

    async fn walk(&mut self, arguments: &Arguments) -> Result<(), Failure> {
        let id = if arguments.existing {
            let read = self.directory.get(&arguments.canary).await;
            self.tell(Verb::Get, read.map(|_| "it is there".to_owned()));
            arguments.canary.clone()
        } else {
            match self.create(arguments).await? {
                Some(id) => id,
                None => return Ok(()),
            }
        };
        let directory = self.directory;
        if self.capabilities().supports(Verb::Get) && !arguments.existing {
            let read = directory.get(&id).await.map(|_| "it was read".to_owned());
            self.tell(Verb::Get, read);
        }
        if self.capabilities().supports(Verb::List) {
            let listed = crate::query::all(directory, |user| user.id().as_deref() == Some(&id)).await;
            let instance = self.capabilities().instance();
            let listed = match listed {
                Ok(users) if users.len() == 1 => Ok("the list has it".to_owned()),
                Ok(users) => Err(Error::malformed(instance, "the account once in the list", format!("{} times", users.len()))),
                Err(words) => Err(Error::new(ErrorKind::Unavailable, instance, words)),
            };
            self.tell(Verb::List, listed);
        }
        self.update(&id).await;
        if self.capabilities().supports(Verb::Deactivate) {
            self.switch(&id).await;
        }
        if self.capabilities().supports(Verb::ResetPassword) && !arguments.existing {
            let reset = directory.reset_password(&id).await.map(|()| "the vendor accepted it".to_owned());
            self.tell(Verb::ResetPassword, reset);
        }
        // The account ends as one that nobody can use.
        if self.capabilities().supports(Verb::Deactivate) {
            let off = directory.deactivate(&id).await.map(|_| "a read shows it".to_owned());
            self.tell(Verb::Deactivate, off);
        }
        if self.capabilities().supports(Verb::Delete) && !arguments.existing {
            let deleted = match directory.delete(&id).await {
                Ok(()) => match directory.get(&id).await {
                    Err(error) if error.kind() == ErrorKind::NotFound => Ok("a read shows nobody".to_owned()),
                    Err(error) => Err(error),
                    Ok(_) => Err(Error::malformed(self.capabilities().instance(), "nobody", "the account is still there")),
                },
                Err(error) => Err(error),
            };
            self.tell(Verb::Delete, deleted);
        }
        Ok(())
    }

    /// Creates the account, unless somebody has it. What was not created here is never touched.
    async fn create(&mut self, arguments: &Arguments) -> Result<Option<String>, Failure> {
        let directory = self.directory;
        if !self.capabilities().supports(Verb::Create) {
            let error = Error::unsupported(self.capabilities(), Verb::Create);
            return Err(Failure::usage(format!("{error}; make an account by hand and name it with `--existing`")));
        }
        if self.capabilities().supports(Verb::Find) {
            let found = directory.find(vendor_users::By::UserName(&arguments.canary)).await.map_err(Failure::failed)?;
            if !found.is_empty() {
                return Err(Failure::usage(format!("`{}` is somebody's account; choose a name that is free", arguments.canary)));
            }
            self.tell(Verb::Find, Ok("the name is free".to_owned()));
        }
        let draft = UserDraft::builder().user_name(&arguments.canary).email(&arguments.email).display_name("Canary").active(true);
        let created = directory.create(&draft.build()).await;
        let id = created.as_ref().ok().and_then(|outcome| outcome.user.id().map(|id| id.into_owned()));
        self.tell(Verb::Create, created.map(|_| format!("its identifier is {}", id.as_deref().unwrap_or("not told"))));
        Ok(id)
    }

    async fn update(&mut self, id: &str) {
        if !self.capabilities().supports(Verb::Update) {
            return;
        }
        let attributes = [Attribute::Title, Attribute::DisplayName, Attribute::PhoneNumber];
        let Some(attribute) = attributes.into_iter().find(|attribute| self.capabilities().obstacle(*attribute).is_none()) else {
            return;
        };
        let Ok(patch) = UserPatch::new().set(attribute, "Canary 2") else { return };
        let directory = self.directory;
        let updated = match directory.update(id, &patch).await {
            Ok(_) if self.capabilities().supports(Verb::Get) => match directory.get(id).await {
                Ok(user) if user.attribute(attribute).is_some_and(|value| value.to_string() == "Canary 2") => {
                    Ok(format!("a read shows `{attribute}`"))
                }
                Ok(_) => Err(Error::malformed(self.capabilities().instance(), format!("`{attribute}` as it was set"), "another")),
                Err(error) => Err(error),
            },
            other => other.map(|_| "the vendor accepted it".to_owned()),
        };
        self.tell(Verb::Update, updated);
    }

    async fn switch(&mut self, id: &str) {
        let directory = self.directory;
        let off = directory.deactivate(id).await;
        let taken = off.as_ref().map(|off| off.taken.clone()).unwrap_or_default();
        let words = taken.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        self.tell(
            Verb::Deactivate,
            off.map(
                |_| if words.is_empty() { "a read shows it".to_owned() } else { format!("a read shows it; it took {words}") },
            ),
        );
        if self.capabilities().supports(Verb::Activate) {
            let on = directory.activate_with(id, &taken).await.map(|_| "a read shows it".to_owned());
            self.tell(Verb::Activate, on);
        }
    }

    /// What a result says about the evidence that the verb rests on.
    fn evidence(&self, verb: Verb, held: bool) -> String {
        match (self.capabilities().evidence(verb), held) {
            (Evidence::Weak { why }, true) => format!("a weak fact held: {why}"),
            (Evidence::Weak { why }, false) => format!("a weak fact did not hold: {why}"),
            (Evidence::Documents, _) => "documents".to_owned(),
            _ => "other pages".to_owned(),
        }
    }

    fn text(&self, title: &str) -> String {
        let mut rows = vec![["  verb", "result", "evidence", "what"].map(str::to_owned).to_vec()];
        for (verb, result) in &self.tried {
            let (word, what) = match result {
                Ok(what) => ("held", what),
                Err(error) => ("failed", error),
            };
            rows.push(vec![format!("  {verb}"), word.to_owned(), self.evidence(*verb, result.is_ok()), table::line(what)]);
        }
        let untried = Verb::ALL.iter().filter(|verb| !self.capabilities().supports(**verb)).map(|verb| verb.name());
        format!("{title}\n{}  not offered: {}\n", table::render(&rows), untried.collect::<Vec<_>>().join(", "))
    }

    fn json(&self, instance: &str) -> Json {
        let tried = self.tried.iter().map(|(verb, result)| {
            json!({
                "verb": verb.name(),
                "held": result.is_ok(),
                "what": result.as_ref().map_or_else(String::clone, String::clone),
                "evidence": self.evidence(*verb, result.is_ok()),
            })
        });
        json!({ "instance": instance, "verbs": tried.collect::<Vec<_>>() })
    }
}
