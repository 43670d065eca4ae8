package dev.panoptes.core.issue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class CommandMaskTest {
    @Test
    void secretsOfEveryShapeAreHidden() {
        assertThat(CommandMask.mask(List.of(
                        "python3",
                        "x.py",
                        "--token",
                        "abc",
                        "--api-key=def",
                        "-password",
                        "ghi",
                        "DB_PASSWORD=jkl",
                        "http://me:mno@db/x",
                        "--keyfile",
                        "pqr",
                        "--token",
                        "--port",
                        "8014")))
                .containsExactly(
                        "python3",
                        "x.py",
                        "--token",
                        "***",
                        "--api-key=***",
                        "-password",
                        "***",
                        "DB_PASSWORD=***",
                        "http://***@db/x",
                        "--keyfile",
                        "***",
                        "--token",
                        "--port",
                        "8014");
    }

    @Test
    void credentialsOfClientsAreHiddenInEveryWayOfWritingThem() {
        assertThat(CommandMask.mask(List.of(
                        "curl",
                        "-H",
                        "Authorization: Bearer abc.def",
                        "-u",
                        "user:pw",
                        "--user=user:pw",
                        "-uuser:pw",
                        "--pass=geheim",
                        "--auth",
                        "xyz",
                        "-pS3cret",
                        "-p8080",
                        "-p",
                        "8080",
                        "-port=80")))
                .containsExactly(
                        "curl",
                        "-H",
                        "Authorization: ***",
                        "-u",
                        "user:***",
                        "--user=user:***",
                        "-uuser:***",
                        "--pass=***",
                        "--auth",
                        "***",
                        "-p***",
                        "-p8080",
                        "-p",
                        "8080",
                        "-port=80");
        assertThat(CommandMask.mask(List.of("/usr/bin/mysql", "-pgeheim"))).containsExactly("/usr/bin/mysql", "-p***");
        assertThat(CommandMask.mask(List.of("sh", "-c", "curl -u me:pw --api-key abc x; mysql -h db -pgeheim")))
                .containsExactly("sh", "-c", "curl -u me:*** --api-key *** x; mysql -h db -p***");
    }

    @Test
    void assignmentsWithinOptionsAndRarerNamesAreHidden() {
        assertThat(CommandMask.mask(List.of(
                        "agent",
                        "--env=API_TOKEN=s1",
                        "--env=PORT=8014",
                        "--bearer",
                        "s2",
                        "--pw",
                        "s3",
                        "--access-key s4",
                        "--url=http://h/?a=b")))
                .containsExactly(
                        "agent",
                        "--env=API_TOKEN=***",
                        "--env=PORT=8014",
                        "--bearer",
                        "***",
                        "--pw",
                        "***",
                        "--access-key ***",
                        "--url=http://h/?a=b");
    }

    @Test
    void whatIsNoSecretStays() {
        List<String> command = List.of(
                "python3", "-u", "-m", "uvicorn", "app:main", "--port", "8014", "-profile", "x", "--user", "www");
        assertThat(CommandMask.mask(command)).isEqualTo(command);
        assertThat(CommandMask.mask(List.of("python3", "-u", "main.py"))).containsExactly("python3", "-u", "main.py");
        List<String> ssh = List.of("ssh", "-o", "StrictHostKeyChecking=no", "-oPubkeyAuthentication=no", "web-1");
        assertThat(CommandMask.secrets(ssh)).isEqualTo(ssh);
    }

    @Test
    void longCommandLinesAreCut() {
        assertThat(CommandMask.mask(Collections.nCopies(1_000, "x")))
                .hasSize(65)
                .endsWith("...");
        assertThat(CommandMask.mask(List.of("x".repeat(10_000))).getFirst()).hasSize(403);
    }

    @Test
    void leavesEverythingElseAsItIs() {
        String odd = "a\tb\u200b" + "x".repeat(5_000) + " ";
        String deep = odd + "curl -u me:hunter2 --token abc " + odd;

        assertThat(CommandMask.secrets(List.of("nmap", "-p80,443", "", odd)))
                .containsExactly("nmap", "-p80,443", "", odd);
        assertThat(CommandMask.secrets(List.of("sh", "-c", deep)).getLast())
                .startsWith(odd)
                .endsWith(odd)
                .contains("curl -u me:*** --token ***")
                .doesNotContain("hunter2");
        assertThat(CommandMask.secrets(List.of("mysql", "-psecret", "--password", "hunter2")))
                .containsExactly("mysql", "-p***", "--password", "***");
    }
}
