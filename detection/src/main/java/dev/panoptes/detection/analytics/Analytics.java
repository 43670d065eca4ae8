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
                new Rewriting(),
                new LateralMovement(),
                new FirstSeen(),
                new ResourceAnomaly());
    }

    /** What they and {@link ReconBurst} can conclude. */
    public static List<Conclusion> conclusions() {
        List<String> auth = List.of("panoptes.auth");
        List<String> dns = List.of("panoptes.dns");
        List<String> flow = List.of("panoptes.flow");
        return List.of(
                new Conclusion("brute_force_detected", List.of("T1110.001", "T1110.003"), auth),
                new Conclusion("credential_access", List.of("T1110.001", "T1078"), auth),
                new Conclusion("dga_domain", List.of("T1568.002"), dns),
                new Conclusion("dns_tunnel", List.of("T1572", "T1071.004"), dns),
                new Conclusion("dns_exfiltration", List.of("T1048.003", "T1071.004"), dns),
                new Conclusion(
                        "c2_beacon", List.of("T1071", "T1071.004", "T1029"), List.of("panoptes.dns", "panoptes.flow")),
                new Conclusion("port_scan", List.of("T1046"), flow),
                new Conclusion("exfiltration", List.of("T1048", "T1041"), flow),
                new Conclusion("files_rewritten", List.of("T1486"), List.of("panoptes.file_integrity")),
                new Conclusion("lateral_movement", List.of("T1021.004"), auth),
                new Conclusion("first_seen_login_source", List.of("T1078"), auth),
                new Conclusion("cpu_anomaly", List.of("T1496"), List.of("panoptes.proc")),
                new Conclusion(
                        "reconnaissance_burst",
                        List.of("T1082", "T1033", "T1057", "T1049"),
                        List.of("panoptes.proc", "panoptes.kernel_audit")));
    }
}
