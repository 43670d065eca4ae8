package dev.panoptes.cli.client;

import dev.panoptes.cli.shell.UsageException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.regex.Pattern;

/** Where a token comes from. It is read anew for every call, so that one that was replaced counts at once. */
public sealed interface Token {
    /** @throws UsageException where there is none that could be sent */
    String read() throws UsageException;

    /** @param value as it was given, for example by a variable */
    record Given(String value) implements Token {
        @Override
        public String read() throws UsageException {
            return checked(value, "the token");
        }

        @Override
        public String toString() {
            return "Given[***]";
        }
    }

    /** The first line of a file. @param hint what to do where it cannot be read */
    record InFile(Path file, String hint) implements Token {
        private static final int MOST_BYTES = 4_096;

        @Override
        public String read() throws UsageException {
            try (InputStream in = Files.newInputStream(file)) {
                byte[] bytes = in.readNBytes(MOST_BYTES + 1);
                if (bytes.length > MOST_BYTES) {
                    throw new UsageException(file + " is too large for a token", "");
                }
                return checked(new String(bytes, StandardCharsets.ISO_8859_1).strip(), "the token in " + file);
            } catch (NoSuchFileException e) {
                throw new UsageException("there is no token: " + file + " does not exist", hint);
            } catch (AccessDeniedException e) {
                throw new UsageException("there is no token: " + file + " may not be read by this user", hint);
            } catch (IOException e) {
                throw new UsageException("there is no token: " + file + " cannot be read: " + e.getMessage(), hint);
            }
        }

        /** Says so where the file is open to every user of this machine. */
        public void warn(PrintStream err) throws UsageException {
            try {
                if (Files.isRegularFile(file)
                        && Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_READ)) {
                    err.println("panoptes: every user of this machine can read the token; chmod 600 " + file);
                }
            } catch (IOException e) {
                throw new UsageException("there is no token: " + file + " cannot be read: " + e.getMessage(), hint);
            }
        }
    }

    /** Tokens are visible ASCII; anything else would be another header, or a file that was named by mistake. */
    private static String checked(String value, String what) throws UsageException {
        if (!Pattern.matches("[\\x21-\\x7e]{1,1000}", value)) {
            throw new UsageException(
                    what + (value.isEmpty() ? " is empty" : " is no token: it must be one line without blanks"), "");
        }
        return value;
    }
}
