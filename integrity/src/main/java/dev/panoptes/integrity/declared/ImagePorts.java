package dev.panoptes.integrity.declared;

import dev.panoptes.code.command.StartCommand;
import dev.panoptes.core.issue.Evidence;
import dev.panoptes.integrity.declared.ContainerPorts.Bound;
import dev.panoptes.integrity.declared.ContainerPorts.Listening;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * On which ports images of servers listen that are only pulled: what the table {@code image-ports.tsv} says of them, moved by
 * what a compose file sets. Silent where something else may move a port.
 */
final class ImagePorts {
    private static final String TABLE = "image-ports.tsv";
    /** Variables that may move a port, except those that say where another server is. */
    private static final Pattern MAY_MOVE = Pattern.compile("(?i).*(port|listen|bind|addr).*");

    private static final Pattern OTHERS = Pattern.compile(
            "(?i).*(db|database|sql|postgres|mongo|redis|smtp|mail|amqp|zookeeper|clusters?_\\d|advertised|listener_(name|security)|imap|ldap|support"
                    + "|import|export|report).*");
    private static final Pattern HARMLESS = Pattern.compile("/etc/(localtime|timezone|ssl|ca-certificates|pki)(/.*)?");
    private static final Pattern LISTENER = Pattern.compile("[A-Za-z0-9_]+://[^:/,\\s]*:([0-9]{1,5})");

    private static final Pattern OPTION = Pattern.compile(
            "(?i)\\s--?[\\w.-]*(?:port|addr|address|listen|bind)[\\w.-]*[\\s=]+[\"']?(?:[\\w.\\[\\]:]*:)?([1-9][0-9]{1,4})(?=[\\s\"']|$)");

    private record Row(
            SequencedSet<Integer> ports,
            Map<String, String> variables,
            @Nullable Pattern moving,
            List<String> folders) {}

    private final Map<String, Row> rows = new HashMap<>();

    /** Reads the table that comes with the program. */
    ImagePorts() {
        try (InputStream in = ImagePorts.class.getResourceAsStream(TABLE)) {
            if (in == null) {
                throw new IllegalStateException("the table " + TABLE + " is not part of the program");
            }
            for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n")) {
                String[] cells = line.split("\t");
                if (cells.length == 5 && !line.startsWith("#")) {
                    rows.put(cells[0], row(cells));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Row row(String[] cells) {
        SequencedSet<Integer> ports = new LinkedHashSet<>();
        for (String port : words(cells[1])) {
            ports.add(Integer.valueOf(port));
        }
        Map<String, String> variables = new HashMap<>();
        for (String word : words(cells[2])) {
            int equals = word.indexOf('=');
            variables.put(word.substring(0, equals), word.substring(equals + 1));
        }
        return new Row(ports, variables, cells[3].equals("-") ? null : Pattern.compile(cells[3]), words(cells[4]));
    }

    private static List<String> words(String cell) {
        return cell.equals("-") ? List.of() : List.of(cell.split(" "));
    }

    /** What a service of a pulled image listens on; NotJudged where that is not known. */
    Listening of(ComposeFile.Service service) {
        String image = service.image();
        Row row = image == null || service.build() != null ? null : rows.get(BaseImages.name(image));
        if (image == null || row == null || isChanged(service, row)) {
            return new Listening.NotJudged();
        }
        SequencedSet<Integer> ports = new LinkedHashSet<>(row.ports());
        String decisive = "image: " + image;
        for (Map.Entry<String, String> each : new TreeMap<>(row.variables()).entrySet()) {
            String variable = each.getKey();
            String meaning = each.getValue();
            String value = service.environment().known().get(variable);
            if (value == null || value.isBlank()) {
                continue;
            }
            List<Integer> said = ports(value.strip(), meaning);
            if (said.isEmpty()) {
                return new Listening.NotJudged();
            }
            if (meaning.equals("*")) {
                // What a broker listens on counts before what it tells its clients.
                boolean advertised = variable.contains("ADVERTISED")
                        && row.variables().keySet().stream()
                                .anyMatch(other -> !other.equals(variable)
                                        && service.environment().known().containsKey(other));
                if (!advertised) {
                    ports.clear();
                    ports.addAll(said);
                    decisive = variable;
                }
            } else if (!said.getFirst().toString().equals(meaning)) {
                ports.remove(Integer.valueOf(meaning));
                ports.add(said.getFirst());
                decisive = variable + "=" + said.getFirst();
            }
        }
        Evidence evidence = new Evidence("compose", service.file(), service.line(), decisive);
        return new Listening.On(
                ports.stream().map(port -> new Bound(port, evidence, null)).toList(), null, null);
    }

    /** Other ports than this one that the command of a pulled image names, such as {@code --webui-port 8080}. */
    static List<Bound> others(StartCommand start, Evidence evidence, int port) {
        List<Bound> bounds = new ArrayList<>();
        Matcher option = OPTION.matcher(start.text());
        while (option.find()) {
            int other = Integer.parseInt(option.group(1));
            if (other != port) {
                bounds.add(new Bound(other, evidence, null));
            }
        }
        return bounds;
    }

    private static List<Integer> ports(String value, String meaning) {
        List<Integer> ports = new ArrayList<>();
        if (meaning.equals("*")) {
            for (String listener : value.split(",")) {
                Matcher matcher = LISTENER.matcher(listener.strip());
                if (!matcher.matches()) {
                    return List.of();
                }
                ports.add(Integer.valueOf(matcher.group(1)));
            }
        } else if (!meaning.equals("?") && value.matches("([^:]*:)?[0-9]{1,5}")) {
            ports.add(Integer.valueOf(value.substring(value.indexOf(':') + 1)));
        }
        return ports;
    }

    private static boolean isChanged(ComposeFile.Service service, Row row) {
        ComposeFile.Environment environment = service.environment();
        Invocation command = service.command();
        Pattern moving = row.moving();
        return service.entrypoint() != null
                || (command != null
                        && (moving == null
                                || moving.matcher(String.join(" ", command.words()))
                                        .find()))
                || environment.incomplete() != null
                || environment.unclear().stream()
                        .anyMatch(name -> row.variables().containsKey(name) || mayMove(name, row))
                || environment.known().keySet().stream().anyMatch(name -> mayMove(name, row))
                || service.mounts().stream()
                        .filter(mount -> !HARMLESS.matcher(mount.target()).matches())
                        .anyMatch(mount -> row.folders().stream()
                                .anyMatch(folder -> ContainerPath.below(folder, mount.target()) != null
                                        || ContainerPath.below(mount.target(), folder) != null));
    }

    private static boolean mayMove(String variable, Row row) {
        return !row.variables().containsKey(variable)
                && MAY_MOVE.matcher(variable).matches()
                && !OTHERS.matcher(variable).matches();
    }
}
