package dev.panoptes.sensors.auth;

import dev.panoptes.sensors.auth.Draft.Action;
import dev.panoptes.sensors.replay.AddressLiteral;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What modules of PAM say, in the words of Linux-PAM 0.7x to 1.6 and of sssd. Pure. */
final class PamMessages {
    private static final Pattern SESSION = Pattern.compile(
            "session (opened|closed) for user (.*?)(?:\\(uid=(\\d+)\\))?(?: by (.*?)\\(uid=(\\d+)\\))?(?: by"
                    + " \\S*)?\\s*",
            Pattern.DOTALL);
    private static final Pattern[] FAILURES = {
        Pattern.compile("received for user (.*): (?:4|6|7|9|10|11|13|17) \\(.*\\)", Pattern.DOTALL),
        // What stands behind the password in a stack; other requirements choose between ways to log in (GDM asks
        // "user ingroup nopasswdlogin" at every login) and are no failure.
        Pattern.compile("requirement \"uid >=? \\d+\" not met by user \"(.*)\"", Pattern.DOTALL),
        Pattern.compile("auth could not identify password for \\[(.*)\\]", Pattern.DOTALL),
        Pattern.compile("bad username \\[(.*)\\]", Pattern.DOTALL),
        Pattern.compile("user \\[(.*)\\] (?:unknown|has no password).*", Pattern.DOTALL),
        Pattern.compile("Consecutive login failures for user (.*) account temporarily locked", Pattern.DOTALL),
        Pattern.compile("user (\\S+) \\(\\d+\\) tally \\d+, deny \\d+", Pattern.DOTALL),
        Pattern.compile("Refused user (.*) for service .*", Pattern.DOTALL),
        Pattern.compile("account (.*) has expired.*", Pattern.DOTALL),
        Pattern.compile("Invalid verification code for (.*)", Pattern.DOTALL),
        Pattern.compile("user '(.*)' denied access.*", Pattern.DOTALL),
        Pattern.compile("user (.*) denied access.*", Pattern.DOTALL),
        Pattern.compile("Access denied for user (.*?)(?:: .*)?", Pattern.DOTALL),
        Pattern.compile("conversation failed()", Pattern.DOTALL),
        Pattern.compile("authentication fails for '(.*)' \\(.*", Pattern.DOTALL),
        Pattern.compile("(?:internal module error|request) .*failed: .*\\bPAM error.*()", Pattern.DOTALL),
        Pattern.compile("access denied: tty '.*' is not secure.*()", Pattern.DOTALL),
        Pattern.compile("password mismatch for user (.*)", Pattern.DOTALL),
    };

    private static final Pattern WHEEL =
            Pattern.compile("[Aa]ccess denied (?:to|for) '(.*)' for '(.*)'", Pattern.DOTALL);
    /** pam_access: from where is an address, a name, a terminal or a service; only of an address it is certain. */
    private static final Pattern ACCESS =
            Pattern.compile("access denied for user [`'](.*)' from [`'](.*)'", Pattern.DOTALL);

    private static final Pattern CHECK_FAILED =
            Pattern.compile("(?:password|account) check failed for user \\((.*)\\)", Pattern.DOTALL);

    private static final Pattern CRON_REFUSED =
            Pattern.compile("\\((.*)\\) (?:PAM ERROR|FAILED to authorize user with PAM) \\(.*\\)", Pattern.DOTALL);

    private static final Pattern CRONTAB = Pattern.compile("\\(([^()]+)\\) (REPLACE|DELETE) \\(([^()]+)\\)");
    private static final Pattern CRON_RUN = Pattern.compile("\\(([^()]+)\\) CMD \\(\\s*(.*?)\\s*\\)", Pattern.DOTALL);
    /** busybox: {@code USER root pid 410 cmd run-parts /etc/periodic/15min}. */
    private static final Pattern BUSYBOX_RUN = Pattern.compile("USER (\\S+) pid +\\d+ cmd (.+)", Pattern.DOTALL);

    private PamMessages() {}

    /** What crontab says where somebody puts or removes a table of jobs: {@code (anna) REPLACE (root)}. */
    static @Nullable Draft crontab(String text) {
        Matcher changed = CRONTAB.matcher(text);
        return changed.matches()
                ? new Draft(changed.group(2).equals("DELETE") ? Action.JOB_REMOVED : Action.JOB_CHANGED)
                        .user(changed.group(1))
                        .target(changed.group(3))
                        .service("crontab")
                : null;
    }

    /** What cron says where it runs a job, and where an account may not run its jobs. */
    static @Nullable Draft cron(String text) {
        Matcher run = (text.startsWith("USER ") ? BUSYBOX_RUN : CRON_RUN).matcher(text);
        if (run.matches()) {
            return new Draft(Action.JOB_RUN)
                    .user(run.group(1))
                    .put("auth.command", run.group(2))
                    .service("cron");
        }
        Matcher refused = CRON_REFUSED.matcher(text);
        return refused.matches()
                ? new Draft(Action.LOGIN_FAILED).user(refused.group(1)).service("cron")
                : null;
    }

    /** What unix_chkpwd says, which pam_unix has look into shadow for it. */
    static @Nullable Draft check(String text) {
        Matcher failed = CHECK_FAILED.matcher(text);
        return failed.matches()
                ? new Draft(Action.LOGIN_FAILED).user(failed.group(1)).service("unix_chkpwd")
                : null;
    }

    /** @param service the PAM service, as {@code sshd} */
    static @Nullable Draft read(String service, String text) {
        if (text.startsWith("session ")) {
            return session(service, text);
        }
        if (text.startsWith("authentication failure")
                || text.startsWith("Authentication failure")
                || (text.contains(" more authentication failure") && text.contains("rhost="))) {
            return failure(service, text);
        }
        if (text.startsWith("check pass; user unknown")) {
            return new Draft(Action.LOGIN_FAILED).put("auth.invalid_user", true).service(service);
        }
        if (text.startsWith("password changed for ")) {
            String name = text.substring(21);
            return new Draft(Action.PASSWORD_CHANGED).user(name).target(name).service(service);
        }
        Matcher wheel = WHEEL.matcher(text);
        if (wheel.matches()) {
            return new Draft(Action.LOGIN_FAILED)
                    .user(wheel.group(1))
                    .target(wheel.group(2))
                    .service(service);
        }
        Matcher access = ACCESS.matcher(text);
        if (access.matches()) {
            return new Draft(Action.LOGIN_FAILED)
                    .user(access.group(1))
                    .from(AddressLiteral.canonical(access.group(2)))
                    .service(service);
        }
        for (Pattern pattern : FAILURES) {
            Matcher matcher = pattern.matcher(text);
            if (matcher.matches()) {
                return new Draft(Action.LOGIN_FAILED).user(matcher.group(1)).service(service);
            }
        }
        return null;
    }

    /** {@code session opened for user NAME(uid=N) by WHO(uid=N)}: by hand where no name holds a blank or a bracket, as hardly any does. */
    private static @Nullable Draft session(String service, String text) {
        boolean opened = text.startsWith("opened for user ", 8);
        if (!opened && !text.startsWith("closed for user ", 8)) {
            return null;
        }
        Draft draft = new Draft(opened ? Action.SESSION_OPENED : Action.SESSION_CLOSED).service(service);
        int name = nameEnd(text, 24);
        int id = idEnd(text, name);
        int by = Math.max(name, id);
        int end = by;
        if (text.startsWith(" by ", by)) {
            end = Math.max(nameEnd(text, by + 4), idEnd(text, nameEnd(text, by + 4)));
        }
        if (end == text.length() && name > 24) {
            return draft.user(text.substring(24, name))
                    .put("user.id", id < 0 ? null : text.substring(name + 5, id - 1));
        }
        Matcher session = SESSION.matcher(text);
        return session.matches() ? draft.user(session.group(2)).put("user.id", session.group(3)) : null;
    }

    /** Where the word ends that begins here: at a blank, a bracket or the end. */
    private static int nameEnd(String text, int from) {
        int end = from;
        while (end < text.length() && text.charAt(end) > ' ' && text.charAt(end) != '(' && text.charAt(end) < 0x7f) {
            end++;
        }
        return end;
    }

    /** Where {@code (uid=N)} ends that begins here; -1 where none does. */
    private static int idEnd(String text, int from) {
        int end = from + 5;
        if (!text.startsWith("(uid=", from)) {
            return -1;
        }
        while (end < text.length() && text.charAt(end) >= '0' && text.charAt(end) <= '9') {
            end++;
        }
        return end > from + 5 && text.startsWith(")", end) ? end + 1 : -1;
    }

    /** {@code authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=192.0.2.1  user=root}. */
    static Draft failure(String service, String text) {
        Draft draft = new Draft(Action.LOGIN_FAILED).service(service);
        // A name comes last and may hold blanks: it ends with the line.
        int at = text.lastIndexOf(" user=");
        String user = at < 0 ? null : text.substring(at + 6).strip();
        String before = at < 0 ? text : text.substring(0, at);
        String asking = Words.value(before, "ruser", " ");
        if (service.equals("su") || service.equals("su-l")) {
            draft.user(asking).target(user);
        } else {
            draft.user(user);
        }
        String tty = Words.value(before, "tty", " ");
        if (tty != null && !tty.equals("ssh") && !tty.equals("NODEVssh")) {
            draft.put("auth.tty", tty);
        }
        return draft.from(Words.value(before, "rhost", " "));
    }
}
