package dev.panoptes.integrity.declared;

import dev.panoptes.code.PortValue;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a health check asks its own container: by its command, or by the script of the tree that the command runs. */
public sealed interface HealthQuestion {
    /**
     * @param ports at least one, in order
     * @param script rootPath of the script that says so; null where the command does
     */
    record Ports(SequencedSet<PortValue> ports, @Nullable String script) implements HealthQuestion {}

    /** It runs a script that tells no port. @param reason one sentence without a full stop */
    record Unread(String reason) implements HealthQuestion {}

    /** It names no port, as {@code pg_isready} does. */
    record None() implements HealthQuestion {}

    /**
     * @param names what the container calls itself besides localhost
     * @param environment what is set in it
     * @param text of the file that lies at a path of the container; null where the tree does not have it
     */
    static HealthQuestion of(
            List<String> words, Set<String> names, Map<String, String> environment, Function<String, Script> text) {
        String command = String.join(" ", words);
        SequencedSet<PortValue> ports = HealthcheckPorts.of(command, names, environment);
        if (!ports.isEmpty()) {
            return new Ports(ports, null);
        }
        Matcher tool = Script.TOOL.matcher(command);
        if (tool.find() && !Script.ELSEWHERE.matcher(command).find()) {
            String port = tool.group(1) == null ? tool.group(2) : tool.group(1);
            SequencedSet<PortValue> said = new LinkedHashSet<>();
            said.add(new PortValue.Known(Integer.parseInt(port), null));
            return new Ports(said, null);
        }
        for (String word : command.strip().split("\\s+")) {
            if (Script.CALLED.matcher(word).matches()) {
                Script script = text.apply(word);
                // A program on the path is the image's own, such as MariaDB's healthcheck.sh.
                return script.rootPath() == null && command.strip().startsWith(word) && word.indexOf('/') < 0
                        ? new None()
                        : asked(word, script, names, environment);
            }
        }
        return new None();
    }

    private static HealthQuestion asked(
            String word, Script script, Set<String> names, Map<String, String> environment) {
        String text = script.text();
        String rootPath = script.rootPath();
        if (text == null || rootPath == null) {
            return new Unread("the script " + word + " that it runs is not in the tree");
        }
        SequencedSet<PortValue> ports = new LinkedHashSet<>();
        for (String line : text.split("\r\n|\n|\r", Script.MOST_LINES)) {
            ports.addAll(HealthcheckPorts.of(Script.COMMENT.matcher(line).matches() ? "" : line, names, environment));
        }
        return ports.isEmpty()
                ? new Unread("the script " + rootPath + " that it runs names no port that can be seen")
                : new Ports(ports, rootPath);
    }

    /**
     * A file of the tree that lies in a container.
     *
     * @param rootPath null where the tree does not have it
     * @param text null where it cannot be read
     */
    record Script(@Nullable String rootPath, @Nullable String text) {
        private static final int MOST_LINES = 500;
        private static final Pattern CALLED =
                Pattern.compile("(?!-)[\\w./@-]*\\.(?:sh|bash|py|js|mjs|cjs|ts|rb|pl|php)|/[\\w./-]*health[\\w.-]*");
        /** Clients of databases that ask another port than the usual; MySQL's takes it only over TCP. */
        private static final Pattern TOOL =
                Pattern.compile("\\b(?:redis-cli|valkey-cli|pg_isready|psql)\\s(?:.*\\s)?(?:-p|--port)["
                        + " =]?([0-9]{2,5})\\b|\\b(?:mysqladmin|mysql|mariadb-admin|mariadb)\\s(?=.*(?:127\\.0\\.0\\.1|protocol=tcp))(?:.*\\s)?(?:-P|--port)["
                        + " =]?([0-9]{2,5})\\b");

        private static final Pattern ELSEWHERE =
                Pattern.compile("(?:\\s-h|--host)[ =]?(?!localhost\\b|127\\.0\\.0\\.1\\b)[\\w$.-]");
        private static final Pattern COMMENT = Pattern.compile("\\s*(?:#|//|\\*).*");
    }
}
