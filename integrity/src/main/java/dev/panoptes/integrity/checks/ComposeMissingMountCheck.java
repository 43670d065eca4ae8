package dev.panoptes.integrity.checks;

import dev.panoptes.core.issue.Evidence;
import dev.panoptes.core.issue.Severity;
import dev.panoptes.integrity.declared.ComposeFile;
import dev.panoptes.integrity.declared.DeployedPath;
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
                "a compose service mounts a file that does not exist");
    }

    @Override
    public List<CheckResult> run(World world) {
        List<CheckResult> results = new ArrayList<>();
        Optional<ComposeView> view = ComposeView.of(world);
        for (ComposeFile file : view.map(ComposeView::files).orElse(List.of())) {
            for (ComposeFile.Service service : file.services()) {
                boolean there = false;
                List<ComposeFile.Mount> gone = new ArrayList<>();
                for (ComposeFile.Mount mount : service.mounts()) {
                    String source = mount.source();
                    if (source == null || !source.startsWith(".") || !looksLikeFile(source, mount.target())) {
                        continue;
                    }
                    switch (view.get().declarations().paths().below(below(mount.directory(), source))) {
                        case DeployedPath.Below(String rootPath, boolean exists, boolean directory) -> {
                            if (exists) {
                                there = true;
                            } else if (view.get().isOwn(file, mount.file())) {
                                gone.add(mount);
                            }
                        }
                        case DeployedPath.Unclear(String reason) ->
                            results.add(new CheckResult.Unknown(
                                    service.id(), "Whether " + source + " is there is not known: " + reason));
                        case DeployedPath.BuildProduct product -> {
                            // A build makes it.
                        }
                        case DeployedPath.Outside outside -> {
                            // Not in the scanned tree.
                        }
                    }
                }
                if (!gone.isEmpty()) {
                    results.add(failed(view.get(), service, gone));
                } else if (there) {
                    results.add(new CheckResult.Pass(service.id()));
                }
            }
        }
        return results;
    }

    private static String below(String directory, String source) {
        return directory.isEmpty() ? source : directory + "/" + source;
    }

    /** By a suffix on either side; a socket, a volume of data or a dot folder is none. */
    private static boolean looksLikeFile(String source, String target) {
        String name = source.substring(source.lastIndexOf('/') + 1);
        String inside = target.substring(target.lastIndexOf('/') + 1);
        return FILE.matcher(name).matches() && (FILE.matcher(inside).matches() || inside.equals(name));
    }

    private static CheckResult failed(ComposeView view, ComposeFile.Service service, List<ComposeFile.Mount> gone) {
        List<String> sources =
                gone.stream().map(mount -> String.valueOf(mount.source())).toList();
        return Failure.of(service.id())
                .title(service.id() + " mounts " + Words.list(sources) + ", which does not exist")
                .description("There is no " + Words.list(sources) + ". "
                        + (gone.stream().allMatch(ComposeFile.Mount::made)
                                ? "Docker makes an empty folder of that name and mounts it where the program expects a"
                                        + " file."
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
