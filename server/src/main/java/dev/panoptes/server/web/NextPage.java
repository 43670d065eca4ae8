package dev.panoptes.server.web;

/** The page that somebody wanted before they were asked who they are. */
final class NextPage {
    /** Where a login leads that wanted nothing else. */
    static final String FIRST = "/dashboard";

    private static final String OURS =
            "/(status|dashboard|scan|scan/last|integrity|fleet|fleet/(agent|host)|detections|events|tickets|settings|api/v1/scans/[0-9A-Za-z-]{1,64}"
                    + "|(integrity/issues|detections|tickets|settings)/[0-9A-Za-z-]{1,64})";

    private NextPage() {}

    /** Only pages of our own: a login must not send anybody elsewhere. */
    static String of(String wanted) {
        return wanted.matches(OURS) ? wanted : FIRST;
    }
}
