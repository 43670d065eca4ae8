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
import java.util.Optional;
import java.util.SequencedSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * On which ports images of servers listen that are only pulled: what the table {@code image-ports.tsv} says of them, moved by
 * what a compose file sets. In doubt where something else may move a port.
 */
final class ImagePorts {
    private static final String TABLE = "image-ports.tsv";
    /** Variables that may move a port, except those that say where another server is. */
    private static final Pattern MAY_MOVE = Pattern.compile("(?i).*(port|listen|bind|addr).*");

    private static final Pattern OTHERS = Pattern.compile(
            "(?i).*(db|database|sql|postgres|mongo|redis|smtp|mail|amqp|zookeeper|clusters?_\\d|advertised|listener_(name|security)|imap|ldap|support"
                    + "|import|export|report).*");
    /** Options of a JVM that open a port beside those of the server. */
    private static final Pattern BRINGS =
            Pattern.compile("-javaagent:|jmxremote\\.(?:rmi\\.)?port|agentlib:jdwp|-Xrunjdwp");

    private static final Map<String, String> ELSEWHERE = Map.of(
            "bitnamilegacy/", "bitnami/",
            "lscr.io/linuxserver/", "linuxserver/",
            "ghcr.io/linuxserver/", "linuxserver/");

    private static final String DOUBT =
            "its command, a variable or what is mounted may say another port than its image";

    private static final Pattern HARMLESS = Pattern.compile("/etc/(localtime|timezone|ssl|ca-certificates|pki)(/.*)?");
    private static final Pattern LISTENER = Pattern.compile("[A-Za-z0-9_]+://[^:/,\\s]*:([0-9]{1,5})");

    private static final Pattern OPTION = Pattern.compile(
            "(?i)\\s--?[\\w.-]*(?:port|addr|address|listen|bind)[\\w.-]*[\\s=]+[\"']?(?:[\\w.\\[\\]:]*:)?([1-9][0-9]{1,4})(?=[\\s\"']|$)");

    private record Row(
            SequencedSet<Integer> ports,
            Map<String, String> variables,
            @Nullable Pattern moving,
            List<String> folders,
            Map<String, String> options) {}

    private final Map<String, Row> rows = new HashMap<>();

    /** Reads the table that comes with the program. */
    ImagePorts() {
        try (InputStream in = ImagePorts.class.getResourceAsStream(TABLE)) {
            if (in == null) {
                throw new IllegalStateException("the table " + TABLE + " is not part of the program");
            }
            for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n")) {
                String[] cells = line.split("\t");
                if (cells.length == 6 && !line.startsWith("#")) {
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
        return new Row(
                ports,
                meanings(cells[2]),
                cells[3].equals("-") ? null : Pattern.compile(cells[3]),
                words(cells[4]),
                meanings(cells[5]));
    }

    private static Map<String, String> meanings(String cell) {
        Map<String, String> meanings = new TreeMap<>();
        for (String word : words(cell)) {
            int equals = word.lastIndexOf('=');
            meanings.put(word.substring(0, equals), word.substring(equals + 1));
        }
        return meanings;
    }

    /** The row of an image; some are found in several places by one name. */
    private @Nullable Row row(String image) {
        String name = BaseImages.name(image);
        Row row = rows.get(name);
        for (Map.Entry<String, String> other :
                row == null ? ELSEWHERE.entrySet() : Set.<Map.Entry<String, String>>of()) {
            if (name.startsWith(other.getKey())) {
                row = rows.get(other.getValue() + name.substring(other.getKey().length()));
            }
        }
        return row;
    }

    private static List<String> words(String cell) {
        return cell.equals("-") ? List.of() : List.of(cell.split(" "));
    }

    /** What a service of a pulled image listens on; NotJudged where that is not known. */
    Listening of(ComposeFile.Service service, Function<String, @Nullable String> text) {
        Optional<Listening> configuredAlone = HaproxyPorts.of(service, text);
        if (configuredAlone.isPresent()) {
            return configuredAlone.get();
        }
        String image = service.image();
        Row row = image == null || service.build() != null ? null : row(image);
        if (image == null || row == null) {
            return Listening.NotJudged.PULLED;
        }
        if (service.entrypoint() != null) {
            return new Listening.NotJudged("its entrypoint is not that of its image");
        }
        Optional<SequencedSet<Integer>> commanded = commanded(service.command(), row);
        // A port too many would be in another's way where the network is not its own.
        boolean shared = (service.hostNetwork() || service.networkOf() != null)
                && row.ports().size() > 1;
        boolean open = shared || commanded.isEmpty() || isChanged(service, row);
        SequencedSet<Integer> ports = commanded.orElseGet(() -> new LinkedHashSet<>(row.ports()));
        String decisive = "image: " + image;
        SequencedSet<Integer> configured = MountedPorts.of(service, row.folders(), text);
        if (!configured.isEmpty()) {
            ports.clear();
            ports.addAll(configured);
        }
        for (Map.Entry<String, String> each : row.variables().entrySet()) {
            String variable = each.getKey();
            String meaning = each.getValue();
            String value = service.environment().known().get(variable);
            if (value == null || value.isBlank()) {
                continue;
            }
            List<Integer> said = isNamedSite(variable, value) ? List.of() : ports(value.strip(), meaning);
            open |= said.isEmpty();
            if (said.isEmpty()) {
                continue;
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
                move(ports, meaning, said.getFirst());
                decisive = variable + "=" + said.getFirst();
            }
        }
        Evidence evidence = new Evidence("compose", service.file(), service.line(), decisive);
        return new Listening.On(
                ports.stream().map(port -> new Bound(port, evidence, null)).toList(), null, open ? DOUBT : null);
    }

    /**
     * What an image built on another without a command of its own listens on. Whatever the build adds may move it, unless a variable of
     * the base image says the port and the build touches no configuration.
     */
    Listening ofBase(
            @Nullable String base, @Nullable Dockerfile dockerfile, ContainerEnvironment environment, String text) {
        Row row = base == null ? null : row(base);
        if (row == null || dockerfile == null || row.ports().isEmpty()) {
            return new Listening.Unknown("its base image decides what it starts");
        }
        SequencedSet<Integer> ports = new LinkedHashSet<>(row.ports());
        String decisive = null;
        boolean open = false;
        for (Map.Entry<String, String> each : row.variables().entrySet()) {
            String value = environment.known().get(each.getKey());
            List<Integer> said = value == null || isNamedSite(each.getKey(), value)
                    ? List.of()
                    : ports(value.strip(), each.getValue());
            open |= value != null && !value.isBlank() && said.isEmpty();
            if (said.size() == 1 && !each.getValue().equals("*")) {
                move(ports, each.getValue(), said.getFirst());
                decisive = each.getKey() + "=" + said.getFirst();
            }
        }
        boolean plain = decisive != null
                && !open
                && row.folders().stream().noneMatch(folder -> folder.equals("*") || text.contains(folder));
        Evidence evidence = new Evidence(
                "dockerfile", dockerfile.rootPath(), 1, "FROM " + base + (decisive == null ? "" : ", " + decisive));
        return new Listening.On(
                ports.stream().map(port -> new Bound(port, evidence, null)).toList(),
                null,
                plain ? null : "what is built on its base image may say another port");
    }

    /** A site of Caddy with a name is served by HTTPS, and asked for its certificate and redirected on ports of its own. */
    private static boolean isNamedSite(String variable, String value) {
        return variable.equals("SERVER_NAME") && !value.strip().startsWith(":");
    }

    private static void move(SequencedSet<Integer> ports, String meaning, int port) {
        if (!meaning.equals("+")) {
            ports.remove(Integer.valueOf(meaning));
        }
        ports.add(port);
    }

    /** The ports of a row as its command moves them; empty where the command leaves them open. */
    private static Optional<SequencedSet<Integer>> commanded(@Nullable Invocation command, Row row) {
        SequencedSet<Integer> ports = new LinkedHashSet<>(row.ports());
        Pattern moving = row.moving();
        if (command == null || moving == null) {
            return command == null ? Optional.of(ports) : Optional.empty();
        }
        String rest = String.join(" ", command.words());
        for (Map.Entry<String, String> option : row.options().entrySet()) {
            Matcher said = Pattern.compile("(?<=^|\\s)" + Pattern.quote(option.getKey())
                            + "[\\s=]+[\"']?(?:[\\w.\\[\\]:-]*:)?([1-9][0-9]{1,4})[\"']?(?=\\s|$)")
                    .matcher(rest);
            if (said.find()) {
                move(ports, option.getValue(), Integer.parseInt(said.group(1)));
                rest = said.replaceAll("");
            }
        }
        return moving.matcher(rest).find() ? Optional.empty() : Optional.of(ports);
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
        return row.folders().contains("*")
                || environment.incomplete() != null
                || environment.unclear().stream()
                        .anyMatch(name -> row.variables().containsKey(name) || mayMove(name, row))
                || environment.known().keySet().stream().anyMatch(name -> mayMove(name, row))
                || environment.known().values().stream()
                        .anyMatch(value -> BRINGS.matcher(value).find())
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
