// The application of app.ts in Go; it synthesizes the same templates.
package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssqs"
	"github.com/aws/jsii-runtime-go"
	keysmith "github.com/cdk-keysmith/cdk-keysmith-go/cdkkeysmith"
)

type texts = map[string]*string

func main() {
	defer jsii.Close()
	app := awscdk.NewApp(nil)
	stack := awscdk.NewStack(app, jsii.String("Shop"), &awscdk.StackProps{
		Env: &awscdk.Environment{Account: jsii.String("111122223333"), Region: jsii.String("eu-west-1")},
	})
	clerk := awsiam.NewRole(stack, jsii.String("Clerk"), &awsiam.RoleProps{AssumedBy: awsiam.NewAccountRootPrincipal()})

	key := orderKey(stack, clerk)
	signing := keysmith.NewSigningKey(stack, jsii.String("Signing"), &keysmith.SigningKeyProps{
		Alias:             jsii.String("releases"),
		KeySpec:           keysmith.SigningKeySpec_ECC_NIST_P384,
		AccountDelegation: keysmith.AccountDelegation_ADMINISTRATION,
		Access:            &[]keysmith.KeyAccess{keysmith.KeyAccess_Sign(&[]awsiam.IPrincipal{clerk}, nil)},
	})
	signing.Grants().Verify(clerk, nil)
	letters(stack, clerk)
	orders(stack, clerk, key)
	others(stack, clerk, key)
	app.Synth(nil)
}

func orderKey(stack awscdk.Stack, clerk awsiam.Role) keysmith.EncryptionKey {
	administrator := awsiam.NewArnPrincipal(jsii.String("arn:aws:iam::111122223333:role/KeyAdministrator"))
	key := keysmith.NewEncryptionKey(stack, jsii.String("Key"), &keysmith.EncryptionKeyProps{
		Alias:          keysmith.AliasName_ForStack(stack, jsii.String("orders")),
		Aliases:        jsii.Strings("orders-of-2026"),
		Description:    jsii.String("Orders"),
		RotationPeriod: awscdk.Duration_Days(jsii.Number(180)),
		Administrators: &[]awsiam.IPrincipal{administrator},
		Access: &[]keysmith.KeyAccess{
			keysmith.KeyAccess_Decrypt(&[]awsiam.IPrincipal{clerk}, &keysmith.AccessConditions{
				EncryptionContext: &texts{"purpose": jsii.String("report")},
				RequiredContext:   jsii.Strings("tenant"),
				ViaServices:       jsii.Strings("s3", "dynamodb"),
				MultiFactorAuth:   jsii.Bool(true),
			}),
		},
		ReplicaRegions: jsii.Strings("eu-central-1"),
		Replicas: &[]*keysmith.ReplicaOptions{{
			Region:        jsii.String("us-east-1"),
			Description:   jsii.String("Read overseas"),
			RemovalPolicy: awscdk.RemovalPolicy_DESTROY,
		}},
		Tags: &texts{"owner": jsii.String("shop")},
	})
	key.AddAlias(jsii.String("orders-in-ireland"))
	key.Grants().Encrypt(clerk, &keysmith.AccessConditions{EncryptionContext: &texts{"purpose": jsii.String("export")}})
	replicas := *key.Replicas()
	replicas[0].Services().LogsExport()
	replicas[1].Grants().Audit(clerk, nil)
	key.AddOutputs()

	awslogs.NewLogGroup(stack, jsii.String("Log"), &awslogs.LogGroupProps{
		LogGroupName:  jsii.String("orders"),
		EncryptionKey: key,
	})
	key.Services().AutoScaling()
	return key
}

func letters(stack awscdk.Stack, clerk awsiam.Role) {
	generations := keysmith.NewEncryptionKeyGenerations(stack, jsii.String("Yearly"), &keysmith.EncryptionKeyGenerationsProps{
		Generations: &[]*keysmith.EncryptionKeyGeneration{{Id: jsii.String("2025")}, {Id: jsii.String("2026")}},
		Current:     jsii.String("2025"),
	})
	envelope := keysmith.NewEnvelope(stack, jsii.String("Letters"), &keysmith.EnvelopeProps{
		Generations: generations,
		Context:     &texts{"service": jsii.String("letters")},
	})
	envelope.GrantDecrypt(handler(stack, "Reader"))
	generations.Current().Grants().GenerateDataKeys(clerk, nil)
}

func orders(stack awscdk.Stack, clerk awsiam.Role, key keysmith.EncryptionKey) {
	writer := handler(stack, "Writer")
	writer.AddLayers(keysmith.NewEnvelopeLayer(stack, jsii.String("Layer"), nil))
	envelope := keysmith.NewEnvelope(stack, jsii.String("Orders"), &keysmith.EnvelopeProps{
		Key:             key,
		Context:         &texts{"service": jsii.String("orders")},
		RequiredContext: jsii.Strings("tenant"),
		Cache: &keysmith.EnvelopeCacheLimits{
			MaxAge:      awscdk.Duration_Minutes(jsii.Number(1)),
			MaxMessages: jsii.Number(1000),
		},
	})
	envelope.GrantEncrypt(writer)

	keysmith.NewKmsGrant(stack, jsii.String("Grant"), &keysmith.KmsGrantProps{
		Key:                     key,
		Grantee:                 keysmith.GrantPrincipal_Of(clerk),
		Operations:              &[]keysmith.GrantOperation{keysmith.GrantOperation_DECRYPT, keysmith.GrantOperation_DESCRIBE_KEY},
		EncryptionContextSubset: &texts{"purpose": jsii.String("export")},
	})
}

func others(stack awscdk.Stack, clerk awsiam.Role, key keysmith.EncryptionKey) {
	choice := keysmith.EncryptionChoice_CustomerManaged(key).ForQueue()
	awssqs.NewQueue(stack, jsii.String("Queue"), &awssqs.QueueProps{
		Encryption:          choice.Encryption,
		EncryptionMasterKey: choice.EncryptionMasterKey,
	})

	arn := "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
	keysmith.EncryptionKey_FromKeyArn(stack, jsii.String("Imported"), jsii.String(arn)).Grants().Decrypt(clerk, nil)

	defaults := keysmith.NewKeyDefaults(stack, jsii.String("Defaults"), &keysmith.KeyDefaultsProps{
		RotationPeriod: awscdk.Duration_Days(jsii.Number(90)),
	})
	awskms.NewKey(stack, jsii.String("Plain"), nil)
	for _, change := range *defaults.Report() {
		if *change.Property == "rotationPeriod" {
			return
		}
	}
	panic("KeyDefaults changed nothing")
}

func handler(stack awscdk.Stack, id string) awslambda.Function {
	return awslambda.NewFunction(stack, jsii.String(id), &awslambda.FunctionProps{
		Code:    awslambda.Code_FromInline(jsii.String("exports.handler = async () => {};")),
		Handler: jsii.String("index.handler"),
		Runtime: awslambda.Runtime_NODEJS_24_X(),
	})
}
