namespace SensorGateway.Nats;

/// <summary>Who we are to a server: a user with a password, a token, a key file, or nobody.</summary>
public sealed record NatsCredentials(string? User, string? Password, string? Token)
{
    /// <summary>For a server that asks for nothing.</summary>
    public static NatsCredentials None { get; } = new(null, null, null);

    /// <summary>File with the seed of a user's nkey; read at each login, refused when others can read it.</summary>
    public string? NkeyFile { get; init; }

    /// <summary>Credentials file with JWT and seed; read at each login, refused when others can read it.</summary>
    public string? CredentialsFile { get; init; }

    /// <summary>Password and token may travel unencrypted to hosts other than this one.</summary>
    public bool AllowPlaintext { get; init; }

    /// <summary>True when there is nothing to show the server.</summary>
    public bool IsEmpty =>
        User is null && Password is null && Token is null && NkeyFile is null && CredentialsFile is null;

    /// <summary>Names the kind only: whatever prints options must not print secrets.</summary>
    public override string ToString() =>
        CredentialsFile is not null ? $"credentials file {CredentialsFile}"
        : NkeyFile is not null ? $"nkey file {NkeyFile}"
        : Token is not null ? "token" : User is not null ? $"user {User}" : "no credentials";

    /// <summary>Whoever listens on the way could log in with what is sent. A signed nonce is of no use to him.</summary>
    internal bool SendsSecret => CredentialsFile is null && NkeyFile is null && (Token is not null || User is not null);

    /// <summary>What to look at after a refusal.</summary>
    internal string Cure =>
        CredentialsFile is not null ? $"check that {CredentialsFile} is the user's and not expired"
        : NkeyFile is not null ? $"check that the server knows the public key of {NkeyFile}"
        : "check user, password or token";
}
