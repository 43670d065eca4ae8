package dev.panoptes.integrity.plan;

import dev.panoptes.integrity.scan.Scan;
import dev.panoptes.integrity.scan.ScanOutcome;
import dev.panoptes.integrity.scan.ScanRequest;
import dev.panoptes.integrity.verdict.ScanReport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tries what a plan would do: on a copy of the tree, by the same scan, of declarations only, because what runs will follow when the
 * steps have been carried out. The tree itself is never changed.
 */
public final class Proof implements AutoCloseable {
    /** Scans of one plan; what comes after them is not proven and so not offered. */
    private static final int MOST_SCANS = 200;

    private final Scan scan;
    private final ScanRequest request;
    private final TreeCopy copy;
    private final boolean withoutRegistry;
    private int scans;

    private Proof(Scan scan, ScanRequest request, TreeCopy copy, boolean withoutRegistry) {
        this.scan = scan;
        this.request = request;
        this.copy = copy;
        this.withoutRegistry = withoutRegistry;
    }

    /**
     * @param scan with every check there is
     * @param request of the scan whose issues are planned for
     * @param root that it found
     * @param agents where it found the agents' code, below the root; null where there is none
     * @throws IOException where the tree cannot be copied
     */
    public static Proof of(Scan scan, ScanRequest request, Path root, @Nullable String agents) throws IOException {
        return of(scan, request, root, agents, false);
    }

    /** The same, of a scan that was made without a registry where that is true. */
    public static Proof of(Scan scan, ScanRequest request, Path root, @Nullable String agents, boolean withoutRegistry)
            throws IOException {
        TreeCopy copy = TreeCopy.of(root);
        Path agentsPath = agents == null ? null : copy.root().resolve(agents);
        return new Proof(scan, request.inTree(copy.root(), agentsPath, copy::moved), copy, withoutRegistry);
    }

    /**
     * What is wrong with the tree.
     *
     * @param issues ids of the issues that no waiver accepts
     * @param unknowns check and subject of what could not be judged
     */
    record Wrong(Set<String> issues, Set<String> unknowns) {
        Wrong {
            issues = Set.copyOf(issues);
            unknowns = Set.copyOf(unknowns);
        }
    }

    /**
     * What would be wrong with the changed tree; empty where that cannot be told, so that nothing is proven.
     *
     * @param changed text by path below the root; empty for a deleted file
     */
    Optional<Wrong> with(Map<String, Optional<String>> changed) throws InterruptedException {
        if (++scans > MOST_SCANS) {
            return Optional.empty();
        }
        try {
            copy.bring(changed);
        } catch (IOException e) {
            return Optional.empty();
        }
        return switch (withoutRegistry ? scan.runWithoutRegistry(request) : scan.run(request)) {
            case ScanOutcome.Refused _ -> Optional.empty();
            case ScanOutcome.Completed(ScanReport report, var _) -> {
                Set<String> issues = new LinkedHashSet<>();
                report.issues().stream().filter(issue -> !issue.waived()).forEach(issue -> issues.add(issue.id()));
                Set<String> unknowns = new LinkedHashSet<>();
                report.unknowns().forEach(unknown -> unknowns.add(unknown.check() + " " + unknown.subject()));
                yield Optional.of(new Wrong(issues, unknowns));
            }
        };
    }

    @Override
    public void close() {
        copy.close();
    }
}
