package dev.panoptes.sensors.persistence;

import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** crontab(5), anacrontab(5) and at(1). */
final class CronPlaces {
    private static final Pattern SETTING = Pattern.compile("^[A-Za-z_][A-Za-z0-9_]*\\s*=.*");
    private static final Pattern TIMED = Pattern.compile("^-?(@\\w+|(?:\\S+\\s+){4}\\S+)\\s+(.*)$");
    private static final Pattern TIMED_WITH_USER = Pattern.compile("^-?(@\\w+|(?:\\S+\\s+){4}\\S+)\\s+(\\S+)\\s+(.*)$");
    private static final Pattern ANACRON = Pattern.compile("^(@?\\w+)\\s+(\\d+)\\s+(\\S+)\\s+(.*)$");
    private static final Pattern AT_OWNER = Pattern.compile("^# atrun uid=(\\d+)");

    private CronPlaces() {}

    static Place.Reader system(String kind, String glob, boolean runParts) {
        return (tree, found) -> {
            for (String path : tree.glob(glob)) {
                if (tree.isFile(path) && (!runParts || FilePlaces.isRunPart(path))) {
                    table(tree, kind, path, null, found);
                }
            }
        };
    }

    /** A user's table: the file is called after its user. */
    static Place.Reader users(String kind, String... directories) {
        return (tree, found) -> {
            for (String directory : directories) {
                for (String path : tree.files(directory)) {
                    String user = FilePlaces.name(path);
                    if (!user.startsWith("tmp.") && !user.startsWith(".")) {
                        table(tree, kind, path, user, found);
                    }
                }
            }
        };
    }

    private static void table(Tree tree, String kind, String path, @Nullable String owner, Consumer<Entry> found) {
        for (Tree.Line line : tree.lines(path)) {
            if (SETTING.matcher(line.text()).matches()) {
                continue;
            }
            Matcher matcher = (owner == null ? TIMED_WITH_USER : TIMED).matcher(line.text());
            if (matcher.matches()) {
                String command = matcher.group(owner == null ? 3 : 2);
                found.accept(Entry.ofLine(kind, command, path, line.number(), line.text())
                        .runs(command)
                        .user(owner == null ? matcher.group(2) : owner)
                        .schedule(matcher.group(1)));
            }
        }
    }

    static void anacron(Tree tree, Consumer<Entry> found) {
        for (Tree.Line line : tree.lines("/etc/anacrontab")) {
            Matcher matcher = ANACRON.matcher(line.text());
            if (!SETTING.matcher(line.text()).matches() && matcher.matches()) {
                found.accept(Entry.ofLine("anacron", matcher.group(3), "/etc/anacrontab", line.number(), line.text())
                        .runs(matcher.group(4))
                        .user("root")
                        .schedule(matcher.group(1) + " " + matcher.group(2)));
            }
        }
    }

    /** Scripts that atd runs once: what they run follows the environment that at(1) wrote before it. */
    static void at(Tree tree, Consumer<Entry> found) {
        for (String directory : new String[] {"/var/spool/cron/atjobs", "/var/spool/at", "/var/spool/atjobs"}) {
            for (String path : tree.files(directory)) {
                String text = tree.text(path);
                if (text == null || FilePlaces.name(path).startsWith(".")) {
                    continue;
                }
                String user = tree.owner(path);
                Matcher owner = AT_OWNER.matcher(text.contains("\n") ? text.substring(text.indexOf('\n') + 1) : "");
                if (owner.find()) {
                    for (Account account : tree.accounts()) {
                        if (Long.toString(account.uid()).equals(owner.group(1))) {
                            user = account.name();
                        }
                    }
                }
                int body = text.lastIndexOf("\n}\n");
                found.accept(Entry.ofFile("at_job", FilePlaces.name(path), path, Entry.sha256(text))
                        .runs(body < 0 ? text : text.substring(body + 3))
                        .user(user));
            }
        }
    }
}
