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

    /**
     * People as with {@link AtLeast}, and agents. What belongs to one agent its route gives to that one only; what is shared
     * needs a permission.
     *
     * @param permission what an agent must be allowed to; empty: being an agent is enough here
     */
    record AgentOr(Role role, String permission) implements Access {}

    /** Agents only, each for itself. */
    record Agents() implements Access {}

    /** Whoever has an enrollment token. */
    record Enrollees() implements Access {}

    Access OPEN = new Open();
    Access PERSON = new Persons();
    Access VIEWER = new AtLeast(Role.VIEWER);
    Access OPERATOR = new AtLeast(Role.OPERATOR);
    Access ADMIN = new AtLeast(Role.ADMIN);
    Access OBSERVER = new Observers();
    Access AGENT = new Agents();
    Access AGENT_OR_VIEWER = new AgentOr(Role.VIEWER, "");
    Access AGENT_OR_OPERATOR = new AgentOr(Role.OPERATOR, "");
    Access ENROLLEE = new Enrollees();

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
                    case Principal.Token _,
                            Principal.Local _,
                            Principal.Observer _,
                            Principal.Agent _,
                            Principal.Claimed _,
                            Principal.Enrollee _ -> Verdict.FORBIDDEN;
                };
            case Observers() ->
                switch (caller) {
                    case Principal.Observer _ -> Verdict.ALLOWED;
                    case Principal.Anonymous() -> Verdict.UNKNOWN_CALLER;
                    case Principal.Person _,
                            Principal.Token _,
                            Principal.Local _,
                            Principal.Agent _,
                            Principal.Claimed _,
                            Principal.Enrollee _ -> Verdict.FORBIDDEN;
                };
            case AgentOr(Role least, String permission) ->
                caller instanceof Principal.Agent agent
                        ? allowed(permission.isEmpty() || agent.permissions().contains(permission))
                        : new AtLeast(least).judge(caller, method, anonymousRead);
            case Agents() -> only(caller instanceof Principal.Agent || caller instanceof Principal.Claimed, caller);
            case Enrollees() -> only(caller instanceof Principal.Enrollee, caller);
            case AtLeast(Role least) ->
                switch (caller) {
                    case Principal.Person person ->
                        person.mustChangePassword() ? Verdict.PASSWORD_FIRST : compare(person.role(), least);
                    case Principal.Token token -> compare(token.role(), least);
                    case Principal.Local local -> compare(local.role(), least);
                    case Principal.Observer _, Principal.Agent _, Principal.Claimed _, Principal.Enrollee _ ->
                        Verdict.FORBIDDEN;
                    case Principal.Anonymous() ->
                        anonymousRead && least == Role.VIEWER && !method.writes()
                                ? Verdict.ALLOWED
                                : Verdict.UNKNOWN_CALLER;
                };
        };
    }

    private static Verdict allowed(boolean allowed) {
        return allowed ? Verdict.ALLOWED : Verdict.FORBIDDEN;
    }

    private static Verdict only(boolean right, Principal caller) {
        return caller instanceof Principal.Anonymous ? Verdict.UNKNOWN_CALLER : allowed(right);
    }

    private static Verdict compare(Role role, Role least) {
        return role.atLeast(least) ? Verdict.ALLOWED : Verdict.FORBIDDEN;
    }
}
