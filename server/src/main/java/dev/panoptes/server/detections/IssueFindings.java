package dev.panoptes.server.detections;

import static java.util.Map.entry;

import dev.panoptes.detection.fusion.Entity;
import dev.panoptes.detection.fusion.Hit;
import dev.panoptes.detection.intent.Declaration;
import dev.panoptes.detection.sigma.Level;
import dev.panoptes.server.storage.Row;
import dev.panoptes.server.storage.SqlArray;
import dev.panoptes.server.storage.Transaction;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Integrity issues as findings: those that tell that something on a host is other than it should be. Mistakes in declarations,
 * which nobody attacks with, stay issues. What a deployment does too is at most low, what a declaration could excuse at most
 * medium.
 */
final class IssueFindings {
    static final String PREFIX = "integrity.";
    /** What the id of an issue begins with where it stands among the events of an incident. */
    static final String EVENT = "issue-";
    /** What follows it where the issue opened again: its time, for that is another event. */
    static final String AGAIN = "@";

    /** What an issue of a check is worth as a finding. */
    private record Worth(Level level, List<String> techniques, List<String> tactics) {}

    private static final Map<String, Worth> WORTH = Map.ofEntries(
            entry("listener-owner", new Worth(Level.HIGH, List.of("T1036"), List.of("defense-evasion"))),
            entry("identity-proof", new Worth(Level.HIGH, List.of("T1036"), List.of("defense-evasion"))),
            entry("identity-mismatch", new Worth(Level.MEDIUM, List.of("T1036"), List.of("defense-evasion"))),
            entry("identity-clone", new Worth(Level.MEDIUM, List.of("T1036"), List.of("defense-evasion"))),
            entry("rogue-agent", new Worth(Level.MEDIUM, List.of(), List.of("persistence"))),
            entry("undeclared-listener", new Worth(Level.MEDIUM, List.of(), List.of("persistence"))),
            entry("code-drift", new Worth(Level.LOW, List.of("T1554"), List.of("persistence"))),
            entry("unit-drift", new Worth(Level.LOW, List.of("T1543.002"), List.of("persistence"))),
            entry("container-extra", new Worth(Level.LOW, List.of("T1610"), List.of("execution"))),
            entry("container-image-differs", new Worth(Level.LOW, List.of("T1610"), List.of("execution"))),
            entry("config-drift", new Worth(Level.LOW, List.of(), List.of("defense-evasion"))),
            entry("identity-name-mismatch", new Worth(Level.LOW, List.of(), List.of("defense-evasion"))),
            entry("listener-exposed", new Worth(Level.LOW, List.of(), List.of("persistence"))),
            entry("too-many-instances", new Worth(Level.LOW, List.of(), List.of("persistence"))),
            entry("service-not-running", new Worth(Level.LOW, List.of("T1489"), List.of("impact"))),
            entry("agent-unresponsive", new Worth(Level.LOW, List.of(), List.of("impact"))),
            entry("lost-agent", new Worth(Level.LOW, List.of(), List.of("impact"))),
            entry("port-not-listening", new Worth(Level.LOW, List.of(), List.of("impact"))));

    /** Whose processes are declared by nobody. */
    private static final Set<String> STRANGERS = Set.of("listener-owner", "undeclared-listener", "rogue-agent");
    /** How evidence names a program: see the integrity module's evidence of an owner. */
    private static final Pattern PROGRAM = Pattern.compile(", exe (/[^,]{1,300}?)(?: \\(deleted\\))?(?=,)");
    /** Owners of such are everybody's: that one is a stranger says nothing of another process of it. */
    private static final Pattern INTERPRETER = Pattern.compile(
            ".*/(python[0-9.]*|perl[0-9.]*|ruby[0-9.]*|php[0-9.]*|node|nodejs|java|bash|dash|sh|zsh|busybox|systemd|init"
                    + "|docker-proxy|socat|ssh|sshd)");

    private final DeclaredStore declared = new DeclaredStore();
    private final DeclaredFacts hosts;

    IssueFindings(DeclaredFacts hosts) {
        this.hosts = hosts;
    }

    /** What one row of issues says. */
    private record Told(
            String fingerprint, String check, String title, String description, String host, List<String> processes) {
        static Told of(Row row) {
            return new Told(
                    row.text("fingerprint"),
                    row.text("check_id"),
                    row.text("title"),
                    row.text("description"),
                    row.text("host"),
                    row.texts("processes"));
        }
    }

    /** The issue that an event of an incident is; null where it is none. */
    static @Nullable String issue(String event) {
        if (!event.startsWith(EVENT)) {
            return null;
        }
        int again = event.indexOf(AGAIN);
        return again < 0 ? event.substring(EVENT.length()) : event.substring(EVENT.length(), again);
    }

    /**
     * The findings of issues that are open since now; keeps whose programs they show to be nobody's.
     *
     * @param again those of them that were there before
     */
    List<Hit> opened(Transaction transaction, List<String> fingerprints, Set<String> again, Instant at) {
        List<Told> rows = transaction.list(
                """
                SELECT fingerprint, check_id, title, description, host, ARRAY(
                    SELECT item ->> 'text' FROM jsonb_array_elements(evidence) AS item WHERE item ->> 'source' = 'process'
                ) AS processes
                FROM issues WHERE fingerprint = ANY (?) AND check_id = ANY (?) ORDER BY fingerprint
                """,
                Told::of,
                SqlArray.texts(fingerprints),
                SqlArray.texts(List.copyOf(new TreeSet<>(WORTH.keySet()))));
        List<Hit> hits = new ArrayList<>();
        for (Told row : rows) {
            Worth worth = WORTH.get(row.check());
            if (worth == null) {
                continue;
            }
            Set<String> programs = programs(row.processes());
            String host = hosts.host(row.host());
            if (STRANGERS.contains(row.check())) {
                programs.stream()
                        .filter(program -> !INTERPRETER.matcher(program).matches())
                        .forEach(program -> declared.addStranger(
                                transaction,
                                row.fingerprint(),
                                new Declaration(host, Declaration.Kind.STRANGER, program, row.title())));
            }
            String event = EVENT + row.fingerprint() + (again.contains(row.fingerprint()) ? AGAIN + at : "");
            hits.add(hit(row, worth, host, programs, event, at));
        }
        return hits;
    }

    /** Forgets what issues showed that are over. @return those that findings were made of */
    List<String> over(Transaction transaction, List<String> fingerprints) {
        declared.forgetStrangers(transaction, fingerprints);
        return transaction.list(
                "SELECT fingerprint FROM issues WHERE fingerprint = ANY (?) AND check_id = ANY (?) ORDER BY fingerprint",
                row -> row.text("fingerprint"),
                SqlArray.texts(fingerprints),
                SqlArray.texts(List.copyOf(new TreeSet<>(WORTH.keySet()))));
    }

    private static Hit hit(Told row, Worth worth, String host, Set<String> programs, String event, Instant at) {
        SortedSet<Entity> entities = new TreeSet<>();
        if (!host.isEmpty()) {
            entities.add(new Entity("host", host));
        }
        programs.stream().limit(5).forEach(program -> entities.add(new Entity("process", program)));
        String text = row.description().isBlank() ? row.title() : row.description();
        return new Hit(
                PREFIX + row.check(),
                PREFIX + row.check(),
                row.title(),
                worth.level(),
                worth.techniques(),
                worth.tactics(),
                at,
                at,
                event,
                List.of(event),
                1,
                entities,
                text.length() > 500 ? text.substring(0, 500) + "..." : text);
    }

    private static Set<String> programs(List<String> processes) {
        Set<String> programs = new TreeSet<>();
        for (String process : processes) {
            Matcher matcher = PROGRAM.matcher(process);
            if (matcher.find()) {
                programs.add(matcher.group(1));
            }
        }
        return programs;
    }
}
