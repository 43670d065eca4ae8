package dev.panoptes.detection.analytics;

import java.util.List;

/** Every analytic there is but {@link ReconBurst}, which hears of rules. To add one, write its class and its line here. */
public final class Analytics {
    private Analytics() {}

    public static List<Analytic> all() {
        return List.of(
                LoginGuessing.bySource(),
                LoginGuessing.byUser(),
                new GeneratedNames(),
                new DnsTunnel(),
                new Beaconing(),
                new PortScan(),
                new Exfiltration(),
                new Rewriting());
    }
}
