package dev.panoptes.integrity.checks;

import dev.panoptes.core.issue.Evidence;
import dev.panoptes.core.text.Lines;
import dev.panoptes.integrity.declared.BuildContext;
import dev.panoptes.integrity.declared.ComposeFile;
import dev.panoptes.integrity.declared.ContainerPorts;
import dev.panoptes.integrity.declared.Declarations;
import dev.panoptes.integrity.declared.Dockerfile;
import dev.panoptes.integrity.declared.Invocation;
import dev.panoptes.integrity.declared.Launch;
import dev.panoptes.integrity.declared.Manifests;
import dev.panoptes.integrity.declared.PortMentions;
import dev.panoptes.integrity.world.World;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The paths that are asked of programs by HTTP to see whether they are well, other than by the health checks that compose files write:
 * HEALTHCHECK of images, probes of pods, the checks of Fly.io and those of HAProxy.
 */
final class PathQuestions {
    /**
     * @param subject of the result
     * @param affected see {@link dev.panoptes.core.issue.Issue}
     * @param program rootPath of the source file that answers, or of the folder that its image is built from where that file is not known
     * @param path begins with a slash
     */
    record Asked(String subject, List<String> affected, String program, String path, Evidence evidence) {
        Asked {
            affected = List.copyOf(affected);
        }

        /** How the program is called, or the folder of its code. */
        String code() {
            boolean file = program.lastIndexOf('.') > program.lastIndexOf('/');
            return file ? program : "the code below " + (program.isEmpty() ? "the root" : program);
        }
    }

    private static final Pattern HERE = Pattern.compile(
            "https?://(?:localhost|127\\.0\\.0\\.1|0\\.0\\.0\\.0|\\[::1])(?::[0-9$\\{\\}A-Z_:-]{1,40})?(/[\\w./-]{1,200})");

    private static final Pattern SECTION = Pattern.compile(
            "\\s*(?:global|defaults|frontend|backend|listen|userlist|peers|resolvers|cache|program)(?:\\s.*)?");
    private static final Pattern HTTPCHK =
            Pattern.compile("\\s*option\\s+httpchk\\s+(?:(?:GET|HEAD|OPTIONS)\\s+)?(/[\\w./-]*)(?:\\s.*)?");
    private static final Pattern SENT = Pattern.compile("\\s*http-check\\s+send\\s.*?\\buri\\s+(/[\\w./-]*)(?:\\s.*)?");
    /** What is expected may be the very answer that says there is no such path. */
    private static final Pattern EXPECTED = Pattern.compile("\\s*http-check\\s+expect\\s.*");

    private static final Pattern SERVER = Pattern.compile(
            "\\s*(?:server\\s+\\S+|server-template\\s+\\S+\\s+\\S+)\\s+([A-Za-z][\\w.-]*):[0-9]{1,5}(?:\\s(.*))?");

    private static final int LONGEST_LINE = 2_000;

    private final World world;
    private final Declarations declarations;
    private final ContainerPorts containers;
    private final List<Asked> all = new ArrayList<>();

    private PathQuestions(World world, Declarations declarations) {
        this.world = world;
        this.declarations = declarations;
        this.containers = world.links().images().orElseThrow().containers();
    }

    /** In the order of the files. */
    static List<Asked> of(World world) {
        Declarations declarations = world.declarations();
        if (declarations == null) {
            return List.of();
        }
        PathQuestions questions = new PathQuestions(world, declarations);
        questions.images();
        questions.pods();
        questions.machines();
        questions.proxies();
        return questions.all;
    }

    private void images() {
        Set<String> built = new HashSet<>();
        ComposeView.of(world)
                .ifPresent(view -> view.files()
                        .forEach(file -> file.services().forEach(service -> {
                            containers.dockerfile(service).ifPresent(dockerfile -> built.add(dockerfile.rootPath()));
                            if (service.details().healthcheckTest().isEmpty()
                                    && !service.details().healthcheckOff()) {
                                image(service, service.id(), view.affected(service));
                            }
                        })));
        for (Dockerfile dockerfile : declarations.dockerfiles()) {
            if (!built.contains(dockerfile.rootPath())) {
                image(ContainerPorts.alone(dockerfile), dockerfile.rootPath(), List.of(dockerfile.rootPath()));
            }
        }
    }

    /** The program that the container of a service starts, else the folder that its image is built from, which holds its code. */
    static Optional<String> answering(
            ContainerPorts containers, Declarations declarations, ComposeFile.Service service) {
        Optional<String> program = containers.program(service);
        return program.isPresent() || service.build() == null
                ? program
                : BuildContext.of(declarations, service.build()) instanceof BuildContext.Local local
                        ? Optional.of(local.rootPath())
                        : Optional.empty();
    }

    private void image(ComposeFile.Service service, String subject, List<String> affected) {
        Invocation check =
                containers.stage(service).map(Dockerfile.Stage::healthcheck).orElse(null);
        Matcher asked = HERE.matcher(check == null ? "" : String.join(" ", check.words()));
        if (check != null && asked.find()) {
            String path = asked.group(1);
            // Of several addresses it may be content with any.
            if (!asked.find()) {
                answering(containers, declarations, service)
                        .ifPresent(program -> all.add(new Asked(
                                subject,
                                affected,
                                program,
                                path,
                                new Evidence("dockerfile", check.file(), check.line(), "HEALTHCHECK asks " + path))));
            }
        }
    }

    private void pods() {
        for (Manifests.ManifestSet set : declarations.manifests().sets()) {
            for (Manifests.Workload workload : set.workloads()) {
                for (Manifests.PodContainer container : workload.containers()) {
                    Optional<String> program =
                            world.links().launches().of(container).map(Launch::program);
                    // Beside others in its pod another may answer.
                    if (program.isPresent() && workload.containers().size() == 1) {
                        container.probes().stream()
                                .filter(probe -> probe.path().startsWith("/"))
                                .forEach(probe -> all.add(new Asked(
                                        container.id() + " " + probe.kind(),
                                        List.of(workload.identity().id()),
                                        program.get(),
                                        probe.path(),
                                        probe.evidence())));
                    }
                }
            }
        }
    }

    private void machines() {
        for (PortMentions.FlyApp app : declarations.mentions().apps()) {
            Optional<String> program = declarations.dockerfiles().stream()
                    .filter(each -> each.rootPath().equals(app.dockerfile()) && app.unclear() == null)
                    .findFirst()
                    .flatMap(
                            each -> answering(containers, declarations, ContainerPorts.alone(each, app.environment())));
            program.ifPresent(started -> app.checked().entrySet().stream()
                    .sorted(Map.Entry.comparingByValue())
                    .forEach(asked -> all.add(new Asked(
                            app.file() + "#" + asked.getKey(),
                            List.of(app.file()),
                            started,
                            asked.getKey(),
                            new Evidence("fly", app.file(), asked.getValue(), "path = " + asked.getKey())))));
        }
    }

    private void proxies() {
        ComposeView.of(world).ifPresent(view -> {
            for (ComposeFile file : view.files()) {
                for (ComposeFile.Service service : file.services()) {
                    for (ComposeFile.Mount mount : service.mounts()) {
                        String place = mount.sourceInTree();
                        String text = place != null
                                        && place.endsWith(".cfg")
                                        && mount.target().contains("haproxy")
                                ? declarations.code().text(place)
                                : null;
                        if (place != null && text != null) {
                            haproxy(view, file, place, Lines.of(text));
                        }
                    }
                }
            }
        });
    }

    /** HAProxy, "Configuration Manual": {@code option httpchk}, {@code http-check send}, {@code server ... check}. */
    private void haproxy(ComposeView view, ComposeFile file, String place, String[] lines) {
        String path = null;
        int at = 0;
        boolean expects = false;
        List<String> hosts = new ArrayList<>();
        for (int i = 0; i <= lines.length; i++) {
            String line = i == lines.length || lines[i].length() > LONGEST_LINE ? "" : lines[i];
            if (i == lines.length || SECTION.matcher(line).matches()) {
                if (path != null && !expects) {
                    ask(view, file, hosts, path, new Evidence("haproxy", place, at, "asks " + path));
                }
                path = null;
                expects = false;
                hosts.clear();
            }
            Matcher asked = HTTPCHK.matcher(line);
            Matcher sent = SENT.matcher(line);
            Matcher server = SERVER.matcher(line);
            if (asked.matches() || sent.matches()) {
                path = asked.matches() ? asked.group(1) : sent.group(1);
                at = i + 1;
            } else if (EXPECTED.matcher(line).matches()) {
                expects = true;
            } else if (server.matches() && (" " + server.group(2) + " ").contains(" check ")) {
                hosts.add(server.group(1));
            }
        }
    }

    private void ask(ComposeView view, ComposeFile file, List<String> hosts, String path, Evidence evidence) {
        for (ComposeFile.Service service : file.services()) {
            if (hosts.contains(service.name())) {
                answering(containers, declarations, service)
                        .ifPresent(program -> all.add(new Asked(
                                service.id() + " by " + evidence.file(),
                                view.affected(service),
                                program,
                                path,
                                evidence)));
            }
        }
    }
}
