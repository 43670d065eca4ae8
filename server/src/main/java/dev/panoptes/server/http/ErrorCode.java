package dev.panoptes.server.http;

import java.util.Locale;

/** What went wrong, for programs. Stable: clients key on these, not on texts. */
public enum ErrorCode {
    INVALID_REQUEST(400, Kind.USER, "Invalid request"),
    AUTHENTICATION_ERROR(401, Kind.USER, "Authentication needed"),
    PERMISSION_DENIED(403, Kind.USER, "Permission denied"),
    PASSWORD_CHANGE_REQUIRED(403, Kind.USER, "Password change required"),
    NOT_FOUND(404, Kind.USER, "Not found"),
    METHOD_NOT_ALLOWED(405, Kind.USER, "Method not allowed"),
    CONFLICT(409, Kind.USER, "Conflict"),
    PRECONDITION_FAILED(412, Kind.USER, "Precondition failed"),
    TOO_LARGE(413, Kind.USER, "Body too large"),
    UNSUPPORTED_MEDIA_TYPE(415, Kind.USER, "Unsupported media type"),
    VALIDATION_FAILED(422, Kind.USER, "Validation failed"),
    RATE_LIMITED(429, Kind.RESOURCES, "Too many requests"),
    INTERNAL_ERROR(500, Kind.INTERNAL, "Internal error"),
    CONFIGURATION_ERROR(500, Kind.USER, "Configuration error"),
    RESOURCE_ERROR(503, Kind.RESOURCES, "Out of resources"),
    UNAVAILABLE(503, Kind.EXTERNAL, "Temporarily unavailable");

    /** Whose business it is. */
    public enum Kind {
        USER,
        INTERNAL,
        RESOURCES,
        EXTERNAL
    }

    private final int status;
    private final Kind kind;
    private final String title;

    ErrorCode(int status, Kind kind, String title) {
        this.status = status;
        this.kind = kind;
        this.title = title;
    }

    public int status() {
        return status;
    }

    public Kind kind() {
        return kind;
    }

    public String title() {
        return title;
    }

    /** As it stands in a problem: lower case with {@code _}. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}
