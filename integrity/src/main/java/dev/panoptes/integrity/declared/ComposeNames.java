package dev.panoptes.integrity.declared;

import dev.panoptes.integrity.declared.ComposeFile.Refusal;
import dev.panoptes.integrity.declared.ComposeFile.RefusalKind;
import dev.panoptes.integrity.declared.ComposeVariables.Replaced;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the services of one project name, against what the project declares (Compose Specification): compose refuses a project
 * that names what is not there. A project that is only a part of one, because a service has neither image nor build or an
 * included file is not read, is not judged, and neither is a name that another compose file of the folder declares.
 */
final class ComposeNames {
    private static final int MOST_ENTRIES = 500;
    private static final int MOST_REFUSALS = 200;
    private static final Pattern VOLUME = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9_.-]+");

    private static final Set<String> CONDITIONS =
            Set.of("service_started", "service_healthy", "service_completed_successfully");

    private record Part(
            String name,
            YamlNode at,
            ServiceLayers layers,
            ComposeVariables variables,
            Function<YamlNode, String> directory) {}

    private final List<Part> parts = new ArrayList<>();
    private final Map<RefusalKind, Set<String>> declared = new EnumMap<>(RefusalKind.class);
    private final Map<RefusalKind, Set<String>> beside = new EnumMap<>(RefusalKind.class);
    private final Map<String, YamlNode.Fields> configs = new HashMap<>();
    private final List<Refusal> refusals = new ArrayList<>();
    private Map<String, ComposeFile.Service> services = Map.of();
    private Set<String> files = Set.of();
    private boolean open;

    /** The project is only a part of one. */
    void leaveOpen() {
        open = true;
    }

    /** @param directory where the relative paths begin that stand in a place: a rootPath */
    void add(
            String name,
            YamlNode at,
            ServiceLayers layers,
            ComposeVariables variables,
            Function<YamlNode, String> directory) {
        parts.add(new Part(name, at, layers, variables, directory));
    }

    /** Two services of one name, one of them of a file that is included: compose refuses them unless they are the same. */
    void twice(ComposeFile.Service own, ComposeFile.Service included) {
        boolean same = Objects.equals(own.image(), included.image())
                && (own.build() == null) == (included.build() == null)
                && own.ports().stream()
                        .map(ComposeFile.Published::text)
                        .toList()
                        .equals(included.ports().stream()
                                .map(ComposeFile.Published::text)
                                .toList());
        if (!same) {
            refusals.add(new Refusal(
                    RefusalKind.INCLUDED_TWICE,
                    own.id(),
                    included.id(),
                    included.file(),
                    included.line(),
                    "services " + included.name()));
        }
    }

    /** What a file of the project declares. */
    void declare(YamlNode.Fields document) {
        collect(document, declared);
        if (document.get("configs") instanceof YamlNode.Fields all) {
            all.entries(MOST_ENTRIES).forEach((name, field) -> {
                if (field.value() instanceof YamlNode.Fields options) {
                    configs.put(name, options);
                }
            });
        }
    }

    /** What another file of the folder declares, which may be given to compose with it. */
    void beside(YamlNode.Fields document) {
        collect(document, beside);
    }

    private static void collect(YamlNode.Fields document, Map<RefusalKind, Set<String>> into) {
        Map<String, RefusalKind> kinds = Map.of(
                "services", RefusalKind.NO_SERVICE,
                "volumes", RefusalKind.NO_VOLUME,
                "networks", RefusalKind.NO_NETWORK,
                "secrets", RefusalKind.NO_SECRET,
                "configs", RefusalKind.NO_CONFIG);
        kinds.forEach((key, kind) -> {
            if (document.get(key) instanceof YamlNode.Fields all) {
                into.computeIfAbsent(kind, each -> new HashSet<>())
                        .addAll(all.entries(10_000).keySet());
            }
        });
    }

    /**
     * What compose refuses of the project.
     *
     * @param all its services
     * @param unextended names of those that extend what is not there, of which nothing more is known
     * @param projectFiles rootPaths of its files
     * @param activeProfiles those that are active without being asked for
     * @param gone true for the rootPath of a file that is not there and that nobody places by hand
     */
    List<Refusal> refusals(
            List<ComposeFile.Service> all,
            Set<String> unextended,
            Set<String> projectFiles,
            Set<String> activeProfiles,
            Predicate<String> gone) {
        services = new HashMap<>();
        all.forEach(service -> services.putIfAbsent(service.name(), service));
        files = projectFiles;
        declared.computeIfAbsent(RefusalKind.NO_NETWORK, kind -> new HashSet<>())
                .add("default");
        boolean part = all.stream()
                .anyMatch(service ->
                        service.image() == null && service.build() == null && !unextended.contains(service.name()));
        if (open || part) {
            return List.of();
        }
        for (Part each : parts) {
            dependencies(each, activeProfiles);
            resources(each, gone);
            contradictions(each);
        }
        circle();
        return refusals.subList(0, Math.min(refusals.size(), MOST_REFUSALS));
    }

    /** The first service that depends on itself by way of others. */
    private void circle() {
        Map<String, Set<String>> needs = new LinkedHashMap<>();
        for (Part part : parts) {
            for (YamlNode value : own(part, "depends_on")) {
                Set<String> names = needs.computeIfAbsent(part.name, name -> new HashSet<>());
                if (value instanceof YamlNode.Fields fields) {
                    names.addAll(fields.entries(MOST_ENTRIES).keySet());
                }
                items(value).forEach(item -> names.add(String.valueOf(known(part, item))));
            }
        }
        for (Part part : parts) {
            Set<String> seen = new LinkedHashSet<>();
            Deque<String> waiting = new ArrayDeque<>(needs.getOrDefault(part.name, Set.of()));
            while (!waiting.isEmpty()) {
                String next = waiting.removeFirst();
                if (!next.equals(part.name) && seen.add(next)) {
                    waiting.addAll(needs.getOrDefault(next, Set.of()));
                }
            }
            boolean itself = needs.getOrDefault(part.name, Set.of()).contains(part.name);
            boolean around = !itself
                    && seen.stream()
                            .anyMatch(name -> needs.getOrDefault(name, Set.of()).contains(part.name));
            List<YamlNode> values = own(part, "depends_on");
            if (around && !values.isEmpty()) {
                String others = String.join(
                        ", ",
                        seen.stream()
                                .filter(name -> reaches(name, part.name, needs))
                                .limit(5)
                                .toList());
                refuse(
                        part,
                        RefusalKind.ITSELF,
                        part.name,
                        values.getFirst(),
                        "depends_on of " + part.name + ", by way of " + others);
                return;
            }
        }
    }

    private static boolean reaches(String from, String to, Map<String, Set<String>> needs) {
        Set<String> seen = new HashSet<>();
        Deque<String> waiting = new ArrayDeque<>(List.of(from));
        while (!waiting.isEmpty()) {
            String next = waiting.removeFirst();
            if (next.equals(to)) {
                return true;
            }
            if (seen.add(next)) {
                waiting.addAll(needs.getOrDefault(next, Set.of()));
            }
        }
        return false;
    }

    private void dependencies(Part part, Set<String> activeProfiles) {
        for (YamlNode value : own(part, "depends_on")) {
            if (value instanceof YamlNode.Fields fields) {
                fields.entries(MOST_ENTRIES).forEach((name, field) -> {
                    YamlNode options = field.value();
                    boolean required = !"false".equals(text(part, options, "required"));
                    if (required) {
                        dependency(part, name, field.key(), text(part, options, "condition"), activeProfiles);
                    }
                });
            } else {
                for (YamlNode item : items(value)) {
                    String name = known(part, item);
                    if (name != null) {
                        dependency(part, name, item, null, activeProfiles);
                    }
                }
            }
        }
        for (YamlNode value : own(part, "links")) {
            for (YamlNode item : items(value)) {
                String name = known(part, item);
                if (name != null) {
                    named(part, RefusalKind.NO_SERVICE, name.split(":", 2)[0], item, "links " + name);
                }
            }
        }
        for (YamlNode value : own(part, "volumes_from")) {
            for (YamlNode item : items(value)) {
                String name = known(part, item);
                if (name != null && !name.startsWith("container:")) {
                    named(part, RefusalKind.NO_SERVICE, name.split(":", 2)[0], item, "volumes_from " + name);
                }
            }
        }
        for (String key : List.of("network_mode", "pid", "ipc")) {
            YamlNode value = part.layers.last(key);
            String name = value == null || !files.contains(value.file()) ? null : known(part, value);
            if (value != null && name != null && name.startsWith("service:")) {
                named(part, RefusalKind.NO_SERVICE, name.substring(8), value, key + " " + name);
            }
        }
    }

    private void dependency(
            Part part, String name, YamlNode at, @Nullable String condition, Set<String> activeProfiles) {
        String text = "depends_on " + name + (condition == null ? "" : ", condition " + condition);
        ComposeFile.Service target = services.get(name);
        ComposeFile.Service service = services.get(part.name);
        if (condition != null && !CONDITIONS.contains(condition)) {
            refuse(part, RefusalKind.CONDITION, condition, at, text);
        } else if (target == null) {
            named(part, RefusalKind.NO_SERVICE, name, at, text);
        } else if (name.equals(part.name)) {
            refuse(part, RefusalKind.ITSELF, name, at, text);
        } else if (service != null && service.profiles().isEmpty() && !active(target, activeProfiles)) {
            refuse(part, RefusalKind.INACTIVE, name, at, text);
        } else if (service != null
                && !target.profiles().isEmpty()
                && !service.profiles().isEmpty()
                && Collections.disjoint(service.profiles(), target.profiles())) {
            refuse(part, RefusalKind.OTHER_PROFILE, name, at, text);
        } else if ("service_healthy".equals(condition)
                && target.details().healthcheckTest().isEmpty()) {
            refuse(part, RefusalKind.NO_HEALTH, name, at, text);
        } else if ("service_completed_successfully".equals(condition)
                && !target.ports().isEmpty()) {
            refuse(part, RefusalKind.NEVER_ENDS, name, at, text);
        }
    }

    private static boolean active(ComposeFile.Service service, Set<String> activeProfiles) {
        return service.profiles().isEmpty()
                || activeProfiles.contains("*")
                || !Collections.disjoint(service.profiles(), activeProfiles);
    }

    private void resources(Part part, Predicate<String> gone) {
        for (YamlNode value : own(part, "volumes")) {
            for (YamlNode item : items(value)) {
                volume(part, item);
            }
        }
        for (YamlNode value : own(part, "networks")) {
            if (value instanceof YamlNode.Fields fields) {
                fields.entries(MOST_ENTRIES)
                        .forEach((name, field) ->
                                named(part, RefusalKind.NO_NETWORK, name, field.key(), "networks " + name));
            } else {
                for (YamlNode item : items(value)) {
                    String name = known(part, item);
                    if (name != null) {
                        named(part, RefusalKind.NO_NETWORK, name, item, "networks " + name);
                    }
                }
            }
        }
        for (YamlNode value : own(part, "secrets")) {
            for (YamlNode item : items(value)) {
                String name = item instanceof YamlNode.Fields ? text(part, item, "source") : known(part, item);
                if (name != null) {
                    named(part, RefusalKind.NO_SECRET, name, item, "secrets " + name);
                }
            }
        }
        for (YamlNode value : own(part, "build")) {
            YamlNode secrets = value instanceof YamlNode.Fields fields ? fields.get("secrets") : null;
            for (YamlNode item : secrets == null ? List.<YamlNode>of() : items(secrets)) {
                String name = item instanceof YamlNode.Fields ? text(part, item, "source") : known(part, item);
                if (name != null) {
                    named(part, RefusalKind.NO_SECRET, name, item, "secrets " + name + " of the build");
                }
            }
        }
        for (YamlNode value : own(part, "configs")) {
            for (YamlNode item : items(value)) {
                String name = item instanceof YamlNode.Fields ? text(part, item, "source") : known(part, item);
                if (name != null && named(part, RefusalKind.NO_CONFIG, name, item, "configs " + name)) {
                    configFile(part, name, gone);
                }
            }
        }
    }

    private void volume(Part part, YamlNode item) {
        String source;
        if (item instanceof YamlNode.Fields fields) {
            source = "volume".equals(text(part, fields, "type")) ? text(part, fields, "source") : null;
        } else {
            String written = known(part, item);
            String[] words = written == null ? new String[0] : written.split(":", 3);
            source = words.length > 1 && words[1].startsWith("/") ? words[0] : null;
        }
        if (source != null && VOLUME.matcher(source).matches()) {
            named(part, RefusalKind.NO_VOLUME, source, item, "volumes " + source);
        }
    }

    private void configFile(Part part, String name, Predicate<String> gone) {
        YamlNode.Fields config = configs.get(name);
        YamlNode file = config == null ? null : config.get("file");
        String path = file == null ? null : known(part, file);
        if (file == null || path == null || path.startsWith("/") || path.startsWith("~")) {
            return;
        }
        String rootPath = ContainerPath.belowRoot(part.directory.apply(file), path);
        if (rootPath != null && gone.test(rootPath)) {
            refuse(part, RefusalKind.NO_CONFIG_FILE, path, file, "configs " + name + ", file " + path);
        }
    }

    private void contradictions(Part part) {
        ComposeFile.Service service = services.get(part.name);
        if (service == null) {
            return;
        }
        YamlNode container = part.layers.last("container_name");
        String name = container == null || !files.contains(container.file()) ? null : known(part, container);
        if (container != null && name != null && service.details().replicas() > 1) {
            String count = String.valueOf(service.details().replicas());
            refuse(part, RefusalKind.ONE_NAME, count, container, "container_name " + name);
        }
        YamlNode mode = part.layers.last("network_mode");
        List<YamlNode> ports = own(part, "ports");
        if (mode != null && service.networkOf() != null && !service.ports().isEmpty() && !ports.isEmpty()) {
            refuse(
                    part,
                    RefusalKind.PORTS_OF_ANOTHER,
                    service.networkOf(),
                    ports.getLast(),
                    "ports and network_mode service:" + service.networkOf());
        }
        List<YamlNode> networks = own(part, "networks");
        if (mode != null && !mode.isNull() && !networks.isEmpty() && files.contains(mode.file())) {
            refuse(part, RefusalKind.TWO_NETWORKS, part.name, networks.getLast(), "networks and network_mode");
        }
        for (YamlNode value : own(part, "healthcheck")) {
            YamlNode written = value instanceof YamlNode.Fields fields ? fields.get("test") : null;
            replaced(part, service, written);
            if (value instanceof YamlNode.Fields fields
                    && fields.get("test") instanceof YamlNode.Items test
                    && !test.items().isEmpty()) {
                String first = known(part, test.items().getFirst());
                if (first != null && !Set.of("NONE", "CMD", "CMD-SHELL").contains(first)) {
                    refuse(part, RefusalKind.TEST, first, test, "test begins with " + first);
                }
            }
        }
    }

    /** A variable that only the container knows has to be written with two dollars. */
    private void replaced(Part part, ComposeFile.Service service, @Nullable YamlNode test) {
        List<YamlNode> words = test instanceof YamlNode.Items ? items(test) : test == null ? List.of() : List.of(test);
        for (YamlNode word : words) {
            if (word instanceof YamlNode.Scalar scalar) {
                for (String name : part.variables.replace(scalar.text()).open()) {
                    if (service.environment().known().containsKey(name)) {
                        refuse(part, RefusalKind.REPLACED, name, scalar, "test names " + name);
                    }
                }
            }
        }
    }

    /** True where it is declared. */
    private boolean named(Part part, RefusalKind kind, String name, YamlNode at, String text) {
        boolean known = kind == RefusalKind.NO_SERVICE
                ? services.containsKey(name)
                : declared.getOrDefault(kind, Set.of()).contains(name);
        if (!known && !beside.getOrDefault(kind, Set.of()).contains(name)) {
            refuse(part, kind, name, at, text);
        }
        return known;
    }

    private void refuse(Part part, RefusalKind kind, String name, YamlNode at, String text) {
        if (refusals.size() < MOST_REFUSALS) {
            refusals.add(new Refusal(kind, part.at.file() + "#" + part.name, name, at.file(), at.line(), text));
        }
    }

    /** What the project's own files say of it; what it extends from elsewhere may lean on that file. */
    private List<YamlNode> own(Part part, String key) {
        return part.layers.all(key).stream()
                .filter(value -> files.contains(value.file()))
                .toList();
    }

    private static List<YamlNode> items(YamlNode value) {
        return value instanceof YamlNode.Items items
                ? items.items().subList(0, Math.min(items.items().size(), MOST_ENTRIES))
                : List.of();
    }

    private static @Nullable String text(Part part, YamlNode value, String key) {
        YamlNode field = value instanceof YamlNode.Fields fields ? fields.get(key) : null;
        return field == null ? null : known(part, field);
    }

    /** A text whose variables are all known; null for anything else. */
    private static @Nullable String known(Part part, YamlNode value) {
        if (!(value instanceof YamlNode.Scalar scalar) || scalar.isNull()) {
            return null;
        }
        Replaced replaced = part.variables.replace(scalar.text());
        return replaced.isKnown() ? replaced.value() : null;
    }
}
