package dev.panoptes.server.http;

/** Who may call a route. Every route says so; there is no default. */
public sealed interface Access {
    /** Everybody. */
    record Open() implements Access {}

    /** A person or token with this role or a higher one. GETs for viewers are also open where {@code anonymous_read} says so. */
    record AtLeast(Role role) implements Access {}

    /** Any person with a session, whatever the role, even one that must still change the one-time password. */
    record Persons() implements Access {}

    /** Observers, for their own host. */
    record Observers() implements Access {}

    Access OPEN = new Open();
    Access PERSON = new Persons();
    Access VIEWER = new AtLeast(Role.VIEWER);
    Access OPERATOR = new AtLeast(Role.OPERATOR);
    Access ADMIN = new AtLeast(Role.ADMIN);
    Access OBSERVER = new Observers();

    /** The answer to a call. */
    enum Verdict {
        ALLOWED,
        /** 401: say who you are. */
        UNKNOWN_CALLER,
        /** 403: we know who you are. */
        FORBIDDEN,
        /** 403: change the one-time password first. */
        PASSWORD_FIRST
    }

    /** @param anonymousRead whether everybody counts as a viewer for a GET */
    default Verdict judge(Principal caller, Method method, boolean anonymousRead) {
        return switch (this) {
            case Open() -> Verdict.ALLOWED;
            case Persons() ->
                switch (caller) {
                    case Principal.Person _ -> Verdict.ALLOWED;
                    case Principal.Anonymous() -> Verdict.UNKNOWN_CALLER;
                    case Principal.Token _, Principal.Local _, Principal.Observer _ -> Verdict.FORBIDDEN;
                };
            case Observers() ->
                switch (caller) {
                    case Principal.Observer _ -> Verdict.ALLOWED;
                    case Principal.Anonymous() -> Verdict.UNKNOWN_CALLER;
                    case Principal.Person _, Principal.Token _, Principal.Local _ -> Verdict.FORBIDDEN;
                };
            case AtLeast(Role least) ->
                switch (caller) {
                    case Principal.Person person ->
                        person.mustChangePassword() ? Verdict.PASSWORD_FIRST : compare(person.role(), least);
                    case Principal.Token token -> compare(token.role(), least);
                    case Principal.Local local -> compare(local.role(), least);
                    case Principal.Observer _ -> Verdict.FORBIDDEN;
                    case Principal.Anonymous() ->
                        anonymousRead && least == Role.VIEWER && !method.writes()
                                ? Verdict.ALLOWED
                                : Verdict.UNKNOWN_CALLER;
                };
        };
    }

    private static Verdict compare(Role role, Role least) {
        return role.atLeast(least) ? Verdict.ALLOWED : Verdict.FORBIDDEN;
    }
}
