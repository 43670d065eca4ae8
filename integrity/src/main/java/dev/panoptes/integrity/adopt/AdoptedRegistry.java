package dev.panoptes.integrity.adopt;

import dev.panoptes.core.registry.DeclaredAgent;
import dev.panoptes.core.registry.DeclaredEndpoint;
import dev.panoptes.core.registry.Keys;
import dev.panoptes.core.registry.Registry;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Writes agents as a registry: a new one, or into one that is there, of which nothing is changed. */
public final class AdoptedRegistry {
    private static final Pattern AGENTS = Pattern.compile("\\uFEFF?agents\\s*:\\s*(&[^\\s,\\[\\]{}]+\\s*)?(#.*)?");
    private static final Pattern NO_AGENTS = Pattern.compile("(\uFEFF?agents\\s*:)\\s*(\\{\\s*}|null|~)\\s*(#.*)?");

    private AdoptedRegistry() {}

    /** What came of it. */
    public sealed interface Result {
        /** @param added how many agents are new */
        record Written(String yaml, int added) implements Result {}

        /** @param reason a sentence for its owner */
        record Refused(String reason) implements Result {}
    }

    /** A registry of these agents. @param origin the first words of its first line: {@code What listens on web-1} */
    public static String whole(String origin, List<AdoptedAgent> agents) {
        StringBuilder text = new StringBuilder("# " + origin.replaceAll("\\p{Cntrl}", " ") + ".\n"
                + "# Give the agents their real names, add what they can do, and keep this file in Git.\n"
                + "# tcp:// says that the port answers no health request; such an agent is not asked.\n"
                + "version: '1'\n\nagents:" + (agents.isEmpty() ? " {}" : "") + "\n");
        unique(agents, new HashSet<>(), new HashSet<>()).forEach(agent -> text.append(agent.yaml("  ")));
        return text.toString();
    }

    /**
     * The same text with the agents that it lacks behind its last one: those whose port nobody declares and whose key is free.
     *
     * @param existing of the same text
     */
    public static Result merged(String text, Registry existing, List<AdoptedAgent> agents) {
        Set<Integer> ports = new HashSet<>();
        Set<String> elsewhere = new HashSet<>();
        Set<String> keys = new HashSet<>();
        Set<String> names = new HashSet<>();
        for (DeclaredAgent agent : existing.declared()) {
            keys.add(Keys.apart(agent.key()));
            names.add(Keys.apart(agent.displayName()));
            if (existing.endpoint(agent) instanceof DeclaredEndpoint.At at) {
                ports.add(at.port());
                elsewhere.add(at.address() + ":" + at.port());
            }
        }
        List<AdoptedAgent> lacking = agents.stream()
                .filter(agent -> agent.port() == null
                        || (agent.isElsewhere()
                                ? !elsewhere.contains(agent.host() + ":" + agent.port())
                                : !ports.contains(agent.port())))
                .filter(agent -> agent.unit() == null
                        || existing.declared().stream()
                                .noneMatch(known -> agent.unit().equals(known.unit())))
                .filter(agent -> agent.port() != null || !keys.contains(Keys.apart(agent.key())))
                .toList();
        if (lacking.isEmpty()) {
            return new Result.Written(text, 0);
        }
        List<String> lines = new ArrayList<>(List.of(text.split("\n", -1)));
        // Lines end as those of the file do.
        String ending = lines.getFirst().endsWith("\r") ? "\r" : "";
        int at = -1;
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).stripTrailing();
            Matcher none = NO_AGENTS.matcher(line);
            if (none.matches()) {
                String remark = none.group(3);
                lines.set(i, none.group(1) + (remark == null ? "" : " " + remark) + ending);
                at = i;
                break;
            }
            if (AGENTS.matcher(line).matches()) {
                at = i;
                break;
            }
        }
        if (at < 0) {
            return new Result.Refused(
                    "its agents do not stand below a line 'agents:' of their own, so nothing can be added behind them");
        }
        String indent = "  ";
        int last = at;
        boolean first = true;
        for (int i = at + 1; i < lines.size(); i++) {
            String line = lines.get(i);
            String stripped = line.strip();
            if (stripped.isEmpty() || stripped.startsWith("#")) {
                continue;
            }
            int depth = line.length() - line.stripLeading().length();
            if (depth == 0) {
                break;
            }
            if (first) {
                indent = line.substring(0, depth);
                first = false;
            }
            last = i;
        }
        if (indent.indexOf('\t') >= 0) {
            return new Result.Refused("its agents are indented by tabs");
        }
        StringBuilder added = new StringBuilder();
        for (AdoptedAgent agent : unique(lacking, keys, names)) {
            added.append(agent.yaml(indent));
        }
        boolean atEnd = last == lines.size() - 1;
        if (atEnd) {
            lines.set(last, lines.get(last) + ending);
        }
        List<String> own = added.toString().stripTrailing().lines().toList();
        for (int i = 0; i < own.size(); i++) {
            lines.add(last + 1 + i, own.get(i) + (atEnd && i == own.size() - 1 ? "" : ending));
        }
        return new Result.Written(String.join("\n", lines), lacking.size());
    }

    /** The same text where somebody has begun with an empty {@code agents:} is one without agents; others stay as they are. */
    public static String begun(String text) {
        List<String> lines = new ArrayList<>(List.of(text.split("\n", -1)));
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            if (AGENTS.matcher(line.stripTrailing()).matches()) {
                boolean empty = true;
                for (int below = i + 1; below < lines.size() && empty; below++) {
                    String next = lines.get(below);
                    if (!next.isBlank() && !next.strip().startsWith("#")) {
                        empty = !next.startsWith(" ") && !next.startsWith("-") && !next.startsWith("\t");
                        break;
                    }
                }
                if (empty) {
                    lines.set(i, line.replaceFirst(":", ": {}"));
                }
                return String.join("\n", lines);
            }
        }
        return text;
    }

    /** Keys and reported names that nobody else has: two agents of one name cannot be told apart by it. */
    private static List<AdoptedAgent> unique(List<AdoptedAgent> agents, Set<String> keys, Set<String> names) {
        List<AdoptedAgent> all = new ArrayList<>();
        Set<String> called = new HashSet<>(keys);
        agents.forEach(agent -> called.add(Keys.apart(agent.key())));
        for (AdoptedAgent agent : agents) {
            AdoptedAgent one = agent;
            boolean anothers = one.name() != null
                    && !Keys.apart(one.name()).equals(Keys.apart(one.key()))
                    && called.contains(Keys.apart(one.name()));
            if (anothers || (one.name() != null && !names.add(Keys.apart(one.name())))) {
                one = one.withoutName();
            }
            String key = one.key();
            for (int i = 2;
                    !keys.add(Keys.apart(key)) || (!key.equals(one.key()) && names.contains(Keys.apart(key)));
                    i++) {
                key = one.port() != null && i == 2 ? one.key() + "-" + one.port() : one.key() + "-" + i;
            }
            all.add(key.equals(one.key()) ? one : one.called(key));
        }
        return all;
    }
}
