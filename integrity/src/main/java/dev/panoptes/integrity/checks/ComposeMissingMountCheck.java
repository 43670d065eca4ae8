package dev.panoptes.integrity.checks;

import dev.panoptes.code.PathNames;
import dev.panoptes.core.issue.Evidence;
import dev.panoptes.core.issue.Severity;
import dev.panoptes.integrity.declared.ComposeFile;
import dev.panoptes.integrity.declared.DeployedPath;
import dev.panoptes.integrity.declared.MadeFiles;
import dev.panoptes.integrity.declared.PrometheusRules;
import dev.panoptes.integrity.judging.Check;
import dev.panoptes.integrity.judging.CheckGroup;
import dev.panoptes.integrity.judging.CheckInfo;
import dev.panoptes.integrity.judging.CheckResult;
import dev.panoptes.integrity.judging.Failure;
import dev.panoptes.integrity.world.World;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** A bind mount of a file that does not exist: Docker makes a folder of that name instead. */
final class ComposeMissingMountCheck implements Check {
    @Override
    public CheckInfo info() {
        return CheckInfo.of(
                "compose-missing-mount",
                Severity.MEDIUM,
                CheckGroup.COMPOSE,
                "a compose service mounts a file, or reads a folder, that does not exist");
    }

    @Override
    public List<CheckResult> run(World world) {
        List<CheckResult> results = new ArrayList<>();
        Optional<ComposeView> view = ComposeView.of(world);
        if (view.isEmpty()) {
            return results;
        }
        MadeFiles made = world.derived(
                MadeFiles.class, unused -> new MadeFiles(view.get().declarations()));
        for (ComposeFile file : view.get().files()) {
            for (ComposeFile.Service service : file.services()) {
                boolean there = false;
                List<ComposeFile.Mount> gone = new ArrayList<>();
                for (ComposeFile.Mount mount : service.mounts()) {
                    String source = mount.source();
                    if (source == null || !source.startsWith(".") || !isJudged(view.get(), mount)) {
                        continue;
                    }
                    switch (view.get().declarations().paths().below(PathNames.join(mount.directory(), source))) {
                        case DeployedPath.Below(String rootPath, boolean exists, boolean directory) -> {
                            if (exists) {
                                there = true;
                            } else if (view.get().isOwn(file, mount.file())) {
                                String doubt = made.doubt(rootPath);
                                if (doubt == null) {
                                    gone.add(mount);
                                } else {
                                    unclear(service, source, doubt, results);
                                }
                            }
                        }
                        case DeployedPath.Unclear(String reason) -> unclear(service, source, reason, results);
                        case DeployedPath.BuildProduct product -> {
                            // A build makes it.
                        }
                        case DeployedPath.Outside outside -> {
                            // Not in the scanned tree.
                        }
                    }
                }
                rules(view.get(), file, service, results);
                if (!gone.isEmpty()) {
                    results.add(failed(view.get(), service, gone));
                } else if (there) {
                    results.add(new CheckResult.Pass(service.id()));
                }
            }
        }
        return results;
    }

    private static void unclear(ComposeFile.Service service, String source, String reason, List<CheckResult> results) {
        results.add(new CheckResult.Unknown(service.id(), "Whether " + source + " is there is not known: " + reason));
    }

    /** Rules that Prometheus is told to read and that lie beside its configuration, but not in its container. */
    private static void rules(
            ComposeView view, ComposeFile file, ComposeFile.Service service, List<CheckResult> results) {
        for (PrometheusRules.Unmounted each : PrometheusRules.of(service, view.declarations())) {
            String subject = service.id() + "-" + each.written();
            if (!view.isOwn(file, service.file())) {
                continue;
            }
            results.add(
                    each.beside() == null
                            ? new CheckResult.Unknown(
                                    subject,
                                    "Whether " + each.written() + " is in the container of " + service.id()
                                            + " is not known: no mount brings it there")
                            : Failure.of(subject)
                                    .title(service.id() + " reads the rules " + each.written()
                                            + ", which no mount brings into its container")
                                    .description(each.beside() + " lies beside the configuration, but only the"
                                            + " configuration is mounted: Prometheus starts without the rules.")
                                    .affected(view.affected(service))
                                    .recommend("Mount " + each.beside() + " where the configuration looks for it")
                                    .evidence(each.evidence())
                                    .fail());
        }
    }

    private static boolean isJudged(ComposeView view, ComposeFile.Mount mount) {
        return looksLikeFile(String.valueOf(mount.source()), mount.target())
                || (isOfConfiguration(mount) && !isFilledByAnother(view, mount));
    }

    /** A folder that the container is to find filled: it cannot fill it itself, or only reads it. */
    private static boolean isOfConfiguration(ComposeFile.Mount mount) {
        return (mount.readOnly() || mount.target().startsWith("/docker-entrypoint-initdb.d"))
                && !PLACED.matcher(mount.source() + " " + mount.target()).matches();
    }

    private static boolean isFilledByAnother(ComposeView view, ComposeFile.Mount mount) {
        String source = PathNames.join(mount.directory(), String.valueOf(mount.source()));
        return view.files().stream()
                .flatMap(file -> file.services().stream())
                .flatMap(service -> service.mounts().stream())
                .filter(other -> !other.readOnly() && other.source() != null && !other.equals(mount))
                .map(other -> PathNames.join(other.directory(), String.valueOf(other.source())))
                .anyMatch(other -> (source + "/").startsWith(other + "/") || (other + "/").startsWith(source + "/"));
    }

    /** By a suffix on either side; a socket, a volume of data or a dot folder is none. */
    private static boolean looksLikeFile(String source, String target) {
        String name = source.substring(source.lastIndexOf('/') + 1);
        String inside = target.substring(target.lastIndexOf('/') + 1);
        boolean alike = SUFFIX.matcher(name).matches()
                && name.substring(name.lastIndexOf('.')).equals(inside.substring(Math.max(0, inside.lastIndexOf('.'))));
        return alike || (FILE.matcher(name).matches() && (FILE.matcher(inside).matches() || inside.equals(name)));
    }

    /** Any suffix that both sides have; a folder of configuration has none that files have. */
    private static final Pattern SUFFIX = Pattern.compile("[\\w.-]*\\w\\.(?!d$|sock$|git$)[A-Za-z][A-Za-z0-9]{0,9}");
    /** What people place by hand, tools make, or only the machine has. */
    private static final Pattern PLACED = Pattern.compile(
            "(?i).*(cert|ssl|tls|letsencrypt|acme|secret|key|private|auth|data|log|media|upload|backup|storage|sock|cache|static|dist"
                    + "|build|model|music|video|photo|book|download|certbot|tmp|var/lib|node_modules|vendor|plugin|www|html|webroot|site|run/).*");

    private static CheckResult failed(ComposeView view, ComposeFile.Service service, List<ComposeFile.Mount> gone) {
        List<String> sources =
                gone.stream().map(mount -> String.valueOf(mount.source())).toList();
        return Failure.of(service.id())
                .title(service.id() + " mounts " + Words.list(sources) + ", which "
                        + (sources.size() > 1 ? "do" : "does") + " not exist")
                .description("There is no " + Words.list(sources) + ". "
                        + (gone.stream().allMatch(ComposeFile.Mount::made)
                                ? "Docker makes an empty folder of that name and mounts it, so that the program finds"
                                        + " nothing of what it expects there."
                                : "Compose refuses to start the service."))
                .affected(view.affected(service))
                .recommend("Restore the file, or correct the path, which is relative to the compose file")
                .evidence(gone.stream()
                        .map(mount -> new Evidence(
                                "compose", mount.file(), mount.line(), mount.source() + ":" + mount.target()))
                        .toList())
                .fail();
    }

    private static final Pattern FILE = Pattern.compile(
            "(?i)[\\w.-]*\\w\\.(ya?ml|json|toml|ini|conf|cfg|cnf|env|properties|xml|sql|sh|py|js|ts|pem|crt|cer|key|pub|txt|html|lua|rb|php|acl|rules|tmpl|template|hcl|list|htpasswd)"
                    + "|Caddyfile|nginx\\.conf|\\.htpasswd|\\.env[\\w.-]*");
}
