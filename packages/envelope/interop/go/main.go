// Does the tasks of a folder's tasks.json with the AWS Encryption SDK for Go and the AWS SDK for Go, version 2, and writes
// answers.json. It judges nothing: what went wrong is an answer too. The tasks are described in ../README.md.
// Credentials, Region and the address of KMS come from the environment, as in any program that uses these SDKs.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"time"

	mpl "github.com/aws/aws-cryptographic-material-providers-library/releases/go/mpl/awscryptographymaterialproviderssmithygenerated"
	mpltypes "github.com/aws/aws-cryptographic-material-providers-library/releases/go/mpl/awscryptographymaterialproviderssmithygeneratedtypes"
	esdk "github.com/aws/aws-encryption-sdk/releases/go/encryption-sdk/awscryptographyencryptionsdksmithygenerated"
	esdktypes "github.com/aws/aws-encryption-sdk/releases/go/encryption-sdk/awscryptographyencryptionsdksmithygeneratedtypes"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	kmstypes "github.com/aws/aws-sdk-go-v2/service/kms/types"
	"github.com/aws/smithy-go"
)

// What is asked for; members that a task does not need are absent. Bytes are base64 in JSON.
type task struct {
	Operation        string
	Key              string
	Profile          string
	CommitmentPolicy string
	Suite            uint16
	FrameLength      *int64
	Context          map[string]string
	RequiredContext  []string
	Plaintext        []byte
	Message          []byte
	Blob             []byte
	RawKey           *rawKey
}

type rawKey struct {
	Namespace string
	Name      string
	Bytes     []byte
}

type answer map[string]any

var operations = map[string]func(context.Context, task) (answer, error){
	"encrypt":             encrypt,
	"decrypt":             decrypt,
	"kms DescribeKey":     describeKey,
	"kms GenerateDataKey": generateDataKey,
	"kms Decrypt":         decryptBlob,
}

// The suites by their numbers in messages; the SDK has names only.
var suites = map[uint16]mpltypes.ESDKAlgorithmSuiteId{
	0x0014: mpltypes.ESDKAlgorithmSuiteIdAlgAes128GcmIv12Tag16NoKdf,
	0x0046: mpltypes.ESDKAlgorithmSuiteIdAlgAes192GcmIv12Tag16NoKdf,
	0x0078: mpltypes.ESDKAlgorithmSuiteIdAlgAes256GcmIv12Tag16NoKdf,
	0x0114: mpltypes.ESDKAlgorithmSuiteIdAlgAes128GcmIv12Tag16HkdfSha256,
	0x0146: mpltypes.ESDKAlgorithmSuiteIdAlgAes192GcmIv12Tag16HkdfSha256,
	0x0178: mpltypes.ESDKAlgorithmSuiteIdAlgAes256GcmIv12Tag16HkdfSha256,
	0x0214: mpltypes.ESDKAlgorithmSuiteIdAlgAes128GcmIv12Tag16HkdfSha256EcdsaP256,
	0x0346: mpltypes.ESDKAlgorithmSuiteIdAlgAes192GcmIv12Tag16HkdfSha384EcdsaP384,
	0x0378: mpltypes.ESDKAlgorithmSuiteIdAlgAes256GcmIv12Tag16HkdfSha384EcdsaP384,
	0x0478: mpltypes.ESDKAlgorithmSuiteIdAlgAes256GcmHkdfSha512CommitKey,
	0x0578: mpltypes.ESDKAlgorithmSuiteIdAlgAes256GcmHkdfSha512CommitKeyEcdsaP384,
}

func main() {
	if err := run(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(folder string) error {
	text, err := os.ReadFile(filepath.Join(folder, "tasks.json"))
	if err != nil {
		return err
	}
	var tasks []task
	if err := json.Unmarshal(text, &tasks); err != nil {
		return err
	}
	answers := make([]answer, len(tasks))
	for i, task := range tasks {
		answers[i] = answerTo(task)
	}
	text, err = json.Marshal(map[string]any{"versions": versions(), "answers": answers})
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(folder, "answers.json"), text, 0o600)
}

func answerTo(task task) (result answer) {
	// The SDK was compiled from another language, and panics where it should fail.
	defer func() {
		if cause := recover(); cause != nil {
			result = answer{"error": "panic", "text": fmt.Sprint(cause)}
		}
	}()
	operation, known := operations[task.Operation]
	if !known {
		return answer{"error": "unknown", "text": task.Operation}
	}
	result, err := operation(context.Background(), task)
	var refused smithy.APIError
	switch {
	case err == nil:
		return result
	case errors.As(err, &refused):
		return answer{"error": refused.ErrorCode(), "text": err.Error()}
	default:
		return answer{"error": fmt.Sprintf("%T", err), "text": err.Error()}
	}
}

func encrypt(ctx context.Context, task task) (answer, error) {
	client, manager, err := crypto(ctx, task)
	if err != nil {
		return nil, err
	}
	input := esdktypes.EncryptInput{
		Plaintext:         task.Plaintext,
		EncryptionContext: task.Context,
		FrameLength:       task.FrameLength,
		MaterialsManager:  manager,
	}
	if suite, wanted := suites[task.Suite]; wanted {
		input.AlgorithmSuiteId = &suite
	}
	output, err := client.Encrypt(ctx, input)
	if err != nil {
		return nil, err
	}
	return answer{"message": output.Ciphertext}, nil
}

func decrypt(ctx context.Context, task task) (answer, error) {
	client, manager, err := crypto(ctx, task)
	if err != nil {
		return nil, err
	}
	output, err := client.Decrypt(ctx, esdktypes.DecryptInput{
		Ciphertext: task.Message,
		// With a context, the message is held against it.
		EncryptionContext: task.Context,
		MaterialsManager:  manager,
	})
	if err != nil {
		return nil, err
	}
	return answer{
		"plaintext": output.Plaintext,
		"context":   output.EncryptionContext,
		"suite":     numberOf(output.AlgorithmSuiteId),
	}, nil
}

func numberOf(suite mpltypes.ESDKAlgorithmSuiteId) uint16 {
	for number, candidate := range suites {
		if candidate == suite {
			return number
		}
	}
	return 0
}

func describeKey(ctx context.Context, task task) (answer, error) {
	client, err := kmsClient(ctx, task.Profile)
	if err != nil {
		return nil, err
	}
	output, err := client.DescribeKey(ctx, &kms.DescribeKeyInput{KeyId: &task.Key})
	if err != nil {
		return nil, err
	}
	metadata := output.KeyMetadata
	created := float64(metadata.CreationDate.UnixMilli()) / float64(time.Second/time.Millisecond)
	return answer{"key": metadata.Arn, "state": metadata.KeyState, "created": created}, nil
}

func generateDataKey(ctx context.Context, task task) (answer, error) {
	client, err := kmsClient(ctx, task.Profile)
	if err != nil {
		return nil, err
	}
	output, err := client.GenerateDataKey(ctx, &kms.GenerateDataKeyInput{
		KeyId:             &task.Key,
		KeySpec:           kmstypes.DataKeySpecAes256,
		EncryptionContext: task.Context,
	})
	if err != nil {
		return nil, err
	}
	return answer{"plaintext": output.Plaintext, "blob": output.CiphertextBlob}, nil
}

func decryptBlob(ctx context.Context, task task) (answer, error) {
	client, err := kmsClient(ctx, task.Profile)
	if err != nil {
		return nil, err
	}
	output, err := client.Decrypt(ctx, &kms.DecryptInput{
		KeyId:             &task.Key,
		CiphertextBlob:    task.Blob,
		EncryptionContext: task.Context,
	})
	if err != nil {
		return nil, err
	}
	return answer{"plaintext": output.Plaintext}, nil
}

// The AWS Encryption SDK under the task's policy, and what gives it data keys.
func crypto(ctx context.Context, task task) (*esdk.Client, mpltypes.ICryptographicMaterialsManager, error) {
	policy := mpltypes.ESDKCommitmentPolicy(task.CommitmentPolicy)
	client, err := esdk.NewClient(esdktypes.AwsEncryptionSdkConfig{CommitmentPolicy: &policy})
	if err != nil {
		return nil, nil, err
	}
	providers, err := mpl.NewClient(mpltypes.MaterialProvidersConfig{})
	if err != nil {
		return nil, nil, err
	}
	keyring, err := keyringOf(ctx, providers, task)
	if err != nil {
		return nil, nil, err
	}
	manager, err := providers.CreateDefaultCryptographicMaterialsManager(
		ctx, mpltypes.CreateDefaultCryptographicMaterialsManagerInput{Keyring: keyring})
	if err != nil || task.RequiredContext == nil {
		return client, manager, err
	}
	manager, err = providers.CreateRequiredEncryptionContextCMM(ctx, mpltypes.CreateRequiredEncryptionContextCMMInput{
		UnderlyingCMM:                 manager,
		RequiredEncryptionContextKeys: task.RequiredContext,
	})
	return client, manager, err
}

func keyringOf(ctx context.Context, providers *mpl.Client, task task) (mpltypes.IKeyring, error) {
	if task.RawKey != nil {
		return providers.CreateRawAesKeyring(ctx, mpltypes.CreateRawAesKeyringInput{
			KeyNamespace: task.RawKey.Namespace,
			KeyName:      task.RawKey.Name,
			WrappingKey:  task.RawKey.Bytes,
			WrappingAlg:  mpltypes.AesWrappingAlgAlgAes256GcmIv12Tag16,
		})
	}
	keyService, err := kmsClient(ctx, task.Profile)
	if err != nil {
		return nil, err
	}
	return providers.CreateAwsKmsKeyring(ctx, mpltypes.CreateAwsKmsKeyringInput{
		KmsClient: keyService,
		KmsKeyId:  task.Key,
	})
}

var clients = map[string]*kms.Client{}

// A client with the credentials of a profile, or of the environment where there is none.
func kmsClient(ctx context.Context, profile string) (*kms.Client, error) {
	if client, made := clients[profile]; made {
		return client, nil
	}
	loaded, err := config.LoadDefaultConfig(ctx, config.WithSharedConfigProfile(profile))
	if err != nil {
		return nil, err
	}
	clients[profile] = kms.NewFromConfig(loaded)
	return clients[profile], nil
}

func versions() []string {
	wanted := map[string]string{
		"github.com/aws/aws-encryption-sdk/releases/go/encryption-sdk":                "aws-encryption-sdk",
		"github.com/aws/aws-cryptographic-material-providers-library/releases/go/mpl": "material providers",
		"github.com/aws/aws-sdk-go-v2/service/kms":                                    "kms",
	}
	found := []string{}
	if build, ok := debug.ReadBuildInfo(); ok {
		for _, module := range build.Deps {
			if name, ok := wanted[module.Path]; ok {
				found = append(found, name+"-"+module.Version)
			}
		}
	}
	return found
}
