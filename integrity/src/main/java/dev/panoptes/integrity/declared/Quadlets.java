package dev.panoptes.integrity.declared;

import dev.panoptes.code.PathNames;
import dev.panoptes.code.PortValue;
import dev.panoptes.code.ScannedTree;
import dev.panoptes.code.ScannedTree.Content;
import dev.panoptes.core.issue.Evidence;
import dev.panoptes.core.yaml.Location;
import dev.panoptes.core.yaml.Problem;
import dev.panoptes.integrity.declared.DeclarationFiles.Found;
import dev.panoptes.integrity.declared.UnitSettings.Setting;
import dev.panoptes.integrity.declared.Workload.Asked;
import dev.panoptes.integrity.declared.Workload.Refusal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads quadlets (podman-systemd.unit(5)): a container alone is one workload, a pod with its containers is one. Files that name
 * each other lie in one folder, or have a name that is in the tree once.
 */
final class Quadlets {
    private static final int LARGEST = 1 << 20;
    private static final int MOST = 2_000;
    private static final Pattern CALLED = Pattern.compile("[\\w@.:\\\\-]{1,250}\\.(container|pod|kube|build)");
    private static final Pattern DROP_INS =
            Pattern.compile("(?:([\\w@.:\\\\-]{1,250})\\.)?(container|pod|kube|build)\\.d");
    /** A quadlet that another names. */
    private static final Pattern NAMED =
            Pattern.compile("[\\w@.:-]{1,250}\\.(pod|network|volume|image|build|container)");

    private final ScannedTree tree;
    private final DeployedPaths paths;
    private final List<Problem> problems;
    private final Map<String, Map<String, String>> places = new HashMap<>();
    private final List<Found> all;
    private final List<Found> starters;
    private Set<String> mentioned = Set.of();

    /**
     * @param starters scripts and documents, which may make a quadlet
     * @param all every file that may be a quadlet, of kinds that are not read too, and drop-ins
     */
    Quadlets(ScannedTree tree, DeployedPaths paths, List<Found> all, List<Found> starters, List<Problem> problems) {
        this.tree = tree;
        this.paths = paths;
        this.problems = problems;
        this.all = all;
        this.starters = starters;
        all.forEach(found -> places.computeIfAbsent(found.name(), name -> new TreeMap<>())
                .put(HostProcessReader.folder(found.rootPath()), found.rootPath()));
    }

    static boolean isQuadlet(String file) {
        return CALLED.matcher(file.substring(file.lastIndexOf('/') + 1)).matches();
    }

    /** True for the folder of the drop-ins of a quadlet. */
    static boolean isDropIns(String folder) {
        return DROP_INS.matcher(folder).matches();
    }

    List<Workload> read() throws InterruptedException {
        List<Quadlet> quadlets = parsed();
        Map<String, Quadlet> builds = new HashMap<>();
        Map<String, List<Quadlet>> members = new LinkedHashMap<>();
        for (Quadlet quadlet : quadlets) {
            switch (quadlet.kind()) {
                case "build" -> builds.put(quadlet.file(), quadlet);
                case "container" -> {
                    String pod = podOf(quadlet);
                    members.computeIfAbsent(
                                    pod == null ? quadlet.file() + "\n" + quadlet.unit() : pod,
                                    key -> new ArrayList<>())
                            .add(quadlet);
                }
                default -> {
                    // Pods and files of podman kube play come below.
                }
            }
        }
        QuadletContainers containers = new QuadletContainers(tree, paths, builds, this::place);
        Set<String> absent = new HashSet<>();
        quadlets.forEach(quadlet -> named(quadlet).keySet().stream()
                .filter(name -> !isProvided(name))
                .forEach(absent::add));
        mentioned = absent.isEmpty()
                ? Set.of()
                : Mentions.of(tree, starters, absent).keySet();
        List<Workload> workloads = new ArrayList<>();
        for (Quadlet quadlet : quadlets) {
            if (!quadlet.template() && quadlet.kind().equals("pod")) {
                workloads.add(workload(quadlet, members.getOrDefault(quadlet.file(), List.of()), containers));
            } else if (!quadlet.template() && quadlet.kind().equals("kube")) {
                workloads.add(workload(quadlet, List.of(), containers));
            } else if (quadlet.kind().equals("container") && !quadlet.template() && podOf(quadlet) == null) {
                workloads.add(workload(quadlet, List.of(quadlet), containers));
            }
        }
        return workloads;
    }

    private List<Quadlet> parsed() throws InterruptedException {
        Map<String, List<Found>> dropIns = new HashMap<>();
        for (Found found : all) {
            String folder = HostProcessReader.folder(found.rootPath());
            if (isDropIns(folder.substring(folder.lastIndexOf('/') + 1))) {
                dropIns.computeIfAbsent(folder, name -> new ArrayList<>()).add(found);
            }
        }
        List<Quadlet> quadlets = new ArrayList<>();
        for (Found found : all) {
            if (Thread.interrupted()) {
                throw new InterruptedException("interrupted while reading quadlets");
            }
            Matcher called = CALLED.matcher(found.name());
            if (!called.matches()) {
                continue;
            }
            if (quadlets.size() >= MOST) {
                problems.add(new Problem(
                        "too-many-files",
                        found.rootPath(),
                        Location.WHOLE_FILE,
                        "there are more quadlets than are read"));
                break;
            }
            Quadlet quadlet = parsed(found, called.group(1), dropIns);
            if (quadlet != null) {
                quadlets.add(quadlet);
            }
        }
        return quadlets;
    }

    private @Nullable Quadlet parsed(Found found, String kind, Map<String, List<Found>> dropIns) {
        String text = text(found);
        if (text == null) {
            return null;
        }
        String unit = found.name().substring(0, found.name().length() - kind.length() - 1);
        String folder = HostProcessReader.folder(found.rootPath());
        UnitSettings settings = UnitSettings.parse(text, found.rootPath());
        Map<String, Found> chosen = new TreeMap<>();
        for (String name : dropInNames(unit, kind)) {
            String at = PathNames.join(folder, name + ".d");
            dropIns.getOrDefault(at, List.of()).forEach(each -> chosen.put(each.name(), each));
        }
        for (Found dropIn : chosen.values()) {
            String more = text(dropIn);
            settings = more == null ? settings : settings.and(UnitSettings.parse(more, dropIn.rootPath()));
        }
        String standard =
                settings.last("Install", "DefaultInstance").map(Setting::value).orElse("");
        Quadlet quadlet = new Quadlet(found.rootPath(), unit.endsWith("@") ? unit + standard : unit, kind, settings);
        // Files of other programs are called so too.
        boolean own =
                settings.settings().stream().anyMatch(each -> each.section().equals(quadlet.section()));
        return own ? quadlet : null;
    }

    /** Whose drop-ins apply, the least specific first (podman-systemd.unit(5), "Drop-ins"). */
    private static List<String> dropInNames(String unit, String kind) {
        List<String> names = new ArrayList<>(List.of(kind));
        int at = unit.indexOf('@');
        String prefix = at < 0 ? unit : unit.substring(0, at);
        for (int dash = prefix.indexOf('-'); dash >= 0; dash = prefix.indexOf('-', dash + 1)) {
            names.add(prefix.substring(0, dash + 1) + "." + kind);
        }
        if (at >= 0 && at + 1 < unit.length()) {
            names.add(prefix + "@." + kind);
        }
        names.add(unit + "." + kind);
        return names;
    }

    private @Nullable String text(Found found) {
        return switch (tree.read(found.targetPath(), LARGEST)) {
            case Content.Text text -> text.text();
            case Content.Absent absent -> null;
            case Content.Unreadable(String reason) -> {
                problems.add(
                        new Problem("unreadable-unit", found.rootPath(), Location.WHOLE_FILE, "the quadlet " + reason));
                yield null;
            }
        };
    }

    /** Where a quadlet of this name lies; null where none does, or it cannot be told which is meant. */
    private @Nullable String place(String name, String folder) {
        Map<String, String> known = places.getOrDefault(name, Map.of());
        String beside = known.get(folder);
        return beside != null || known.size() != 1
                ? beside
                : known.values().iterator().next();
    }

    /** The file of its pod; null where it has none, or one that is not there. */
    private @Nullable String podOf(Quadlet quadlet) {
        return quadlet.last("Pod")
                .map(setting -> place(setting.value(), quadlet.folder()))
                .orElse(null);
    }

    private Workload workload(Quadlet quadlet, List<Quadlet> members, QuadletContainers containers) {
        List<Refusal> refusals = new ArrayList<>();
        List<ComposeFile.Published> ports = new ArrayList<>();
        boolean host = quadlet.all("Network").stream()
                .anyMatch(setting -> setting.value().equals("host"));
        for (Setting setting : quadlet.all("PublishPort")) {
            List<String> wrong = new ArrayList<>();
            Quadlet.Text text = quadlet.filled(setting.value());
            ports.addAll(WorkloadPorts.read(text.value(), setting.file(), setting.line(), wrong));
            wrong.forEach(reason ->
                    refusals.add(new Refusal(reason, "Write a port from 1 to 65535", Quadlet.evidence(setting))));
        }
        List<ComposeFile.Service> services = new ArrayList<>();
        List<Asked> asked = new ArrayList<>();
        String unknown = unread(quadlet, members);
        List<Quadlet> whole = new ArrayList<>(members);
        if (!whole.contains(quadlet)) {
            whole.addFirst(quadlet);
        }
        for (Quadlet each : whole) {
            missing(each, refusals);
            refused(each, !each.equals(quadlet), refusals);
            if (each.kind().equals("container") && !each.template()) {
                ComposeFile.Service service = containers.read(each, each.equals(quadlet) ? ports : List.of(), host);
                services.add(service);
                ask(each, service, asked);
            }
        }
        return new Workload(
                Workload.Kind.QUADLET,
                quadlet.unit(),
                quadlet.file(),
                quadlet.line(),
                host,
                host ? List.of() : ports,
                services,
                List.of(),
                asked,
                refusals,
                quadlet.settings().list("Unit", "Conflicts").isEmpty()
                        ? "quadlets of " + quadlet.folder()
                        : quadlet.file(),
                unknown);
    }

    private static @Nullable String unread(Quadlet quadlet, List<Quadlet> members) {
        if (quadlet.kind().equals("kube")) {
            return "what the pods of its YAML bind is not read";
        }
        String own = quadlet.all("Network").stream()
                .map(Setting::value)
                .filter(value ->
                        value.startsWith("container:") || value.endsWith(".container") || value.startsWith("ns:"))
                .findFirst()
                .map(value -> "it shares the network " + value)
                .orElse(null);
        if (own != null) {
            return own;
        }
        List<Quadlet> whole = new ArrayList<>(members);
        whole.add(quadlet);
        return whole.stream()
                        .anyMatch(each -> each.all("PodmanArgs").stream()
                                .anyMatch(setting ->
                                        setting.value().matches("(?s).*(--publish|--net|--env|(^|\\s)-[pe]\\b).*")))
                ? "PodmanArgs= publishes or sets more"
                : null;
    }

    private static void ask(Quadlet quadlet, ComposeFile.Service service, List<Asked> asked) {
        quadlet.last("HealthCmd").ifPresent(setting -> {
            String command = quadlet.filled(setting.value()).value();
            List<PortValue> ports = List.copyOf(HealthcheckPorts.of(
                    command, Set.of(service.name()), service.environment().known()));
            if (ports.size() == 1) {
                asked.add(new Asked(service.id(), ports.getFirst(), Quadlet.evidence(setting)));
            }
        });
    }

    /** What it names and what is neither in the tree nor made there. */
    private void missing(Quadlet quadlet, List<Refusal> into) {
        named(quadlet).forEach((name, setting) -> {
            if (!isProvided(name) && !mentioned.contains(name)) {
                into.add(new Refusal(
                        "it names " + name + ", which the tree does not hold",
                        "Add " + name + ", or name what is there",
                        Quadlet.evidence(setting)));
            }
        });
    }

    /** The quadlets that it names, where it names them. */
    private static Map<String, Setting> named(Quadlet quadlet) {
        Map<String, Setting> names = new LinkedHashMap<>();
        for (String key : List.of("Pod", "Network", "Volume", "Image")) {
            for (Setting setting : quadlet.all(key)) {
                String name = setting.value().split(":", 2)[0].strip();
                boolean kind = switch (key) {
                    case "Volume" -> name.endsWith(".volume");
                    case "Image" -> name.endsWith(".image") || name.endsWith(".build");
                    case "Pod" -> name.endsWith(".pod");
                    default -> name.endsWith(".network") || name.endsWith(".container");
                };
                if (kind && NAMED.matcher(name).matches()) {
                    names.putIfAbsent(name, setting);
                }
            }
        }
        return names;
    }

    /** It is there, or a template of it is. */
    private boolean isProvided(String name) {
        int at = name.indexOf('@');
        String template = at < 0 ? name : name.substring(0, at + 1) + name.substring(name.lastIndexOf('.'));
        return places.keySet().stream()
                .anyMatch(each -> each.equals(name) || each.equals(template) || each.startsWith(name + "."));
    }

    private static void refused(Quadlet quadlet, boolean member, List<Refusal> into) {
        if (quadlet.kind().equals("container")
                && quadlet.last("Image").isEmpty()
                && quadlet.last("Rootfs").isEmpty()) {
            into.add(new Refusal(
                    "it has neither Image= nor Rootfs=",
                    "Say which image it runs",
                    new Evidence("launch", quadlet.file(), quadlet.line(), quadlet.name())));
        }
        if (member) {
            quadlet.last("PublishPort")
                    .ifPresent(setting -> into.add(new Refusal(
                            "it publishes a port and joins a pod, whose ports only the pod publishes",
                            "Move PublishPort= to the file of the pod",
                            Quadlet.evidence(setting))));
        }
    }
}
